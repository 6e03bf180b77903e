"""Errors in the shape of Stripe's: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes."""

from typing import Any


class ApiError(Exception):
    """One error answer: HTTP status and the members of its `error` object."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        param: str = "",
        type: str = "invalid_request_error",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"type": type, "message": message, **more}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.error["param"] = param

    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def bad_request(message: str, code: str = "", param: str = "", **more: Any) -> ApiError:
    return ApiError(400, message, code=code, param=param, **more)


def missing_param(name: str) -> ApiError:
    return bad_request(f"Missing required param: {name}.", "parameter_missing", name)


def unknown_param(name: str) -> ApiError:
    return bad_request(f"Received unknown parameter: {name}", "parameter_unknown", name)


def no_such(kind: str, id: str, param: str = "id") -> ApiError:
    return ApiError(404, f"No such {kind}: '{id}'", code="resource_missing", param=param)


def unexpected_state(kind: str, obj: dict[str, Any], verb: str) -> ApiError:
    """What Stripe answers when an object's status forbids the move, e.g. cancelling a paid PaymentIntent."""
    label = {"payment_intent": "PaymentIntent"}.get(kind, kind)
    message = f"This {label} could not be {verb} because it has a status of {obj['status']}."
    error = bad_request(message, f"{kind}_unexpected_state")
    error.error[kind] = obj
    return error
