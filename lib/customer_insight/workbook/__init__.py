"""The analyst's report: a file of orders in, a page, a workbook, tables and a notebook out."""
