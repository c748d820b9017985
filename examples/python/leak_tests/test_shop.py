import shop


def test_log_in():
    session = shop.log_in("alice")
    assert session.basket.items == []


def test_greeting():
    assert shop.template("index").text.format("bob") == "Hello, bob, this is index"


def test_basket_belongs_to_session():
    session = shop.Session("carol")
    assert session.basket.session is session
