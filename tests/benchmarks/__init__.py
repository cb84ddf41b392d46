"""How fast Soapstone and what it generates are, beside other libraries and the least that is possible."""
