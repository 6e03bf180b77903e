"""Words of the hosted page, by language. The stand-in has no gettext: it knows nothing of the site."""

TEXT: dict[str, dict[str, str]] = {
    "en": {
        "lang": "en", "stand_in": "Test payment page", "no_money": "A stand-in for Stripe. No money moves.",
        "pay_to": "Pay", "total": "Total", "quantity": "Qty", "email": "E-mail", "name": "Name on card",
        "card": "Card number", "method": "Pay with", "m_card": "Card", "m_alipay": "Alipay",
        "m_wechat_pay": "WeChat Pay", "pay": "Pay", "outcomes": "Play another outcome", "decline": "Decline",
        "three-d-secure": "3-D Secure", "delayed-success": "Delayed success", "delayed-failure": "Delayed failure",
        "expire": "Let it expire", "back": "Back", "declined": "The payment did not go through:",
        "expired": "This payment page has expired.", "complete": "This has been paid for already.",
        "unpaid": "The payment is on its way.", "return": "Return to the shop", "challenge": "Confirm this payment",
        "challenge_text": "Your bank asks whether it is you.", "confirm": "Yes, it is me", "refuse": "No, stop",
        "missing": "There is no such payment page.", "done": "Thank you. You can close this page.",
    },
    "zh-hant": {
        "lang": "zh-Hant", "stand_in": "測試付款頁", "no_money": "Stripe 的替身，不會真的扣款。",
        "pay_to": "付款給", "total": "總計", "quantity": "數量", "email": "電子郵件", "name": "持卡人姓名",
        "card": "卡號", "method": "付款方式", "m_card": "信用卡", "m_alipay": "支付寶", "m_wechat_pay": "微信支付",
        "pay": "付款", "outcomes": "試其他結果", "decline": "拒絕付款", "three-d-secure": "3-D 驗證",
        "delayed-success": "延遲成功", "delayed-failure": "延遲失敗", "expire": "讓它過期", "back": "返回",
        "declined": "付款沒有成功：", "expired": "這個付款頁已過期。", "complete": "這筆款項已經付清。",
        "unpaid": "款項正在處理中。", "return": "回到商店", "challenge": "確認這筆付款",
        "challenge_text": "您的銀行想確認是您本人。", "confirm": "是我本人", "refuse": "不是，停止",
        "missing": "沒有這個付款頁。", "done": "謝謝，可以關閉這個頁面了。",
        "e_card_declined": "卡片被拒絕。", "e_insufficient_funds": "卡片餘額不足。", "e_incorrect_number": "卡號不正確。",
        "e_expired_card": "卡片已過期。", "e_payment_intent_authentication_failure": "無法驗證您的身分。",
    },
    "zh-hans": {
        "lang": "zh-Hans", "stand_in": "测试付款页", "no_money": "Stripe 的替身，不会真的扣款。",
        "pay_to": "付款给", "total": "总计", "quantity": "数量", "email": "电子邮件", "name": "持卡人姓名",
        "card": "卡号", "method": "付款方式", "m_card": "银行卡", "m_alipay": "支付宝", "m_wechat_pay": "微信支付",
        "pay": "付款", "outcomes": "试其他结果", "decline": "拒绝付款", "three-d-secure": "3-D 验证",
        "delayed-success": "延迟成功", "delayed-failure": "延迟失败", "expire": "让它过期", "back": "返回",
        "declined": "付款没有成功：", "expired": "这个付款页已过期。", "complete": "这笔款项已经付清。",
        "unpaid": "款项正在处理中。", "return": "回到商店", "challenge": "确认这笔付款",
        "challenge_text": "您的银行想确认是您本人。", "confirm": "是我本人", "refuse": "不是，停止",
        "missing": "没有这个付款页。", "done": "谢谢，可以关闭这个页面了。",
        "e_card_declined": "银行卡被拒绝。", "e_insufficient_funds": "银行卡余额不足。", "e_incorrect_number": "卡号不正确。",
        "e_expired_card": "银行卡已过期。", "e_payment_intent_authentication_failure": "无法验证您的身份。",
    },
}


def words_for(locale: str | None, accept_language: str) -> dict[str, str]:
    """The session's locale if it names a language, else the browser's first one that we have, else English."""
    wishes = [locale] if locale and locale != "auto" else [part.split(";")[0] for part in accept_language.split(",")]
    for wish in wishes:
        tag = wish.strip().lower()
        if tag.startswith("zh"):
            return TEXT["zh-hant" if any(mark in tag for mark in ("hant", "tw", "hk", "mo")) else "zh-hans"]
        if tag.startswith("en"):
            return TEXT["en"]
    return TEXT["en"]
