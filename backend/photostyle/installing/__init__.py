"""Puts the plug-ins into GIMP and Krita, takes them out again, and tells how they are. Knows no torch.

The way of one installation: `profiles` says where the editors keep their things, `editors` and `pythons` which of
them are here and what their Python can import, `payload` which files go in, `placing` puts them there and writes the
`receipt`, and `record` tells the plug-in where the backend is. `installation` goes that way.
"""
