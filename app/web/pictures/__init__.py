"""Pictures: geometry worked out here, so that templates only copy numbers out."""
