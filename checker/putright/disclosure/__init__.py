"""What may be published: small counts withheld, against everything published before."""
