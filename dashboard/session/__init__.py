"""What one visitor has: the view, its history, uploads and results.

Imports `map`, `runtime`, `translate` and `geodata`. Entry points: `visit`, `datasets`,
`results.AnalysisCache`.
"""
