"""An article from text or HTML; noise apart with reasons; summaries; a draft's choice."""
