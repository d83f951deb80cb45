"""One file per hard rule: does this roster keep it?"""
