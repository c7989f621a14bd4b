-- Asks `filewarden url serve` about the address of a request, for haproxy-ask.cfg.
-- HAProxy's own HTTP client is used (2.5 or newer); waiting blocks no other request.

local service = "http://127.0.0.1:8378/verify"
local patience = 1000 -- milliseconds for an answer

-- HAProxy 2.6 tries a closed port for three seconds. When the service is away
-- one request finds that out, and the next ones do not wait, for so many seconds.
local pause = 5
local away_until = 0

-- first value of a header of an answer, or nil
local function first(answer, name)
    local values = answer.headers and answer.headers[name]
    return values and values[0]
end

-- Sets txn.status and the marks. Without an answer all of them stay unset.
local function ask(txn)
    if core.now().sec < away_until then
        return
    end
    local answer = core.httpclient():get{
        url = service,
        headers = { ["X-Original-URI"] = { txn.f:pathq() } },
        timeout = patience,
    }
    if not answer or not answer.status or answer.status < 200 or answer.status >= 500 then
        away_until = core.now().sec + pause
        return
    end
    if answer.status ~= 204 and answer.status ~= 403 then
        return
    end
    txn:set_var("txn.status", answer.status)
    txn:set_var("txn.signature", first(answer, "x-media-signature"))
    txn:set_var("txn.class", first(answer, "x-media-source"))
    local age = first(answer, "x-media-age")
    if age then
        txn:set_var("txn.age", age)
    end
end

core.register_action("ask_filewarden", { "http-req" }, ask)
