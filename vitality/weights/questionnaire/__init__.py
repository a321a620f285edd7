"""Judgements on paper: the expert workbook, and reading back what people made of it."""
