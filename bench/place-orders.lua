-- wrk -t1 -s place-orders.lua: places orders of one piece. Each order comes from a new guest with an address of its own, which a
-- listed proxy would forward. The product is $SKU. Prints one JSON line.
local at = 0
local sku = os.getenv('SKU')
bad = 0
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end
request = function()
  at = at + 1
  local address = string.format('10.%d.%d.%d', math.floor(at / 62500) % 250, math.floor(at / 250) % 250, at % 250 + 1)
  local headers = { ['content-type'] = 'application/x-www-form-urlencoded', ['x-forwarded-for'] = address, origin = os.getenv('ORIGIN') }
  return wrk.format('POST', '/orders', headers, 'sku=' .. sku .. '&quantity=1')
end
response = function(status, headers)
  if status ~= 303 or not (headers['location'] or ''):find('/confirm', 1, true) then bad = bad + 1 end
end
done = function(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get('bad') end
  io.write(string.format('JSON {"requests":%d,"rps":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"not_placed":%d}\n', summary.requests,
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
