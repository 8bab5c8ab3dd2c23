"""The acquirer's acceptance list, run against a portal in a real browser.

`the_list` is the list as rows; `checks` looks at one line each; `scenes` plays what several lines look at once;
`report` writes what one hands over. Everything here sees the portal from outside, as a payer does, and asks the rows
only for what a page must show. Playwright is an optional extra: nothing but `bawabati acceptance` imports this.
"""
