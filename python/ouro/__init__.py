from ouro import _ouro
