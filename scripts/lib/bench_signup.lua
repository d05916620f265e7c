-- wrk: every request is a sign-up by another volunteer for another activity, none repeated. OFFSET starts the count, so that
-- each round goes on with fresh pairs; KEYS=1 sends an Idempotency-Key with each.
local k = tonumber(os.getenv("OFFSET") or "0")
local keys = os.getenv("KEYS") == "1"
function request()
  local activity = (k * 13 + math.floor(k / 100000)) % 20000 + 1
  local token = string.rep(string.format("%08x", k % 100000 + 1), 5):sub(1, 36)
  local fields = { ["Authorization"] = "Bearer " .. token, ["Content-Length"] = "0" }
  if keys then fields["Idempotency-Key"] = "bench-" .. k end
  k = k + 1
  return wrk.format("POST", "/api/v1/activities/" .. activity .. "/sign-ups", fields)
end
