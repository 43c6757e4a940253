"""How Cairn decides, every decision made again, and what people did."""
