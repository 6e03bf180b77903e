"""What stock refuses."""


class OutOfStock(Exception):
    """Not enough pieces are free; `ref` names the first item that fell short."""

    def __init__(self, ref: str, wanted: int, free: int) -> None:
        super().__init__(f"{ref}: wanted {wanted}, free {free}")
        self.ref, self.wanted, self.free = ref, wanted, free
