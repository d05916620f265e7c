-- wrk: GET one of the 20,000 activities, another each time.
local k = 0
function request()
  k = (k + 7919) % 20000
  return wrk.format("GET", "/api/v1/activities/" .. k + 1)
end
