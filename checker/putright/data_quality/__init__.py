"""How complete the records are, before any verdict."""
