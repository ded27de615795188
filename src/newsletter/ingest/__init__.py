"""An article from text or HTML; noise apart with reasons; summaries; a draft's choice.

`pages` and `feeds` read a stranger's bytes inside the `child`, `pictures` in one of its own;
`drafting` chooses and writes; the modules beside them are the parent's side and what all share.
"""
