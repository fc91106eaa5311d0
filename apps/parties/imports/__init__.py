"""What can be imported into parties."""

from apps.parties.imports.parties import PartyImporter

__all__ = ["PartyImporter"]
