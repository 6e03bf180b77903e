"""Issuing papers, and who they say sells."""

from shop.invoices.flows.issue import TOPIC, issue_due_paper, owe_paper
from shop.invoices.flows.missing import issue_missing_papers
from shop.invoices.flows.seller import set_seller

__all__ = ["TOPIC", "issue_due_paper", "issue_missing_papers", "owe_paper", "set_seller"]
