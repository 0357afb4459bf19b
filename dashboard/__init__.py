"""The page: turns controls into one frozen state, asks `geodata`, draws.

From the top: `app` and `serve`, `startup` and `layout`, `views`, `widgets`, `error_boundary`,
`page`, `session`, `map`, then `markup`, `translate`, `style` and `runtime`. Each imports only
what comes later. Entry point: `app`.
"""
