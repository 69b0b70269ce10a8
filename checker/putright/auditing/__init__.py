"""The audit: records judged by their rulebooks, the findings, and what they add up to."""
