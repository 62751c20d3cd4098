"""Inside GIMP: what is registered."""

from gi.repository import Gimp
from session import PROCEDURE


def main():
    procedure = Gimp.get_pdb().lookup_procedure(PROCEDURE)
    return [argument.name for argument in procedure.get_arguments()], procedure.get_menu_label()
