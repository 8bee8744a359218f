-- wrk -t1 -s notify-once.lua: sends the notifications FROM to TO of the file NOTIFY to the path NPATH, each of them once.
-- Prints one JSON line. (The peers' notify.lua runs for a fixed time and repeats the notifications.)
local bodies, at, answered = {}, 0, 0
bad = 0
local from, to = tonumber(os.getenv('FROM')), tonumber(os.getenv('TO'))
local line = 0
for body in io.lines(os.getenv('NOTIFY')) do
  line = line + 1
  if line > from then bodies[#bodies + 1] = body end
  if line >= to then break end
end
local threads = {}
setup = function(thread) threads[#threads + 1] = thread end
request = function()
  at = at + 1
  return wrk.format('POST', os.getenv('NPATH'), { ['content-type'] = 'text/xml' }, bodies[(at - 1) % #bodies + 1])
end
response = function(_, _, body)
  answered = answered + 1
  if not body:find('SUCCESS', 1, true) then bad = bad + 1 end
  if answered >= #bodies then wrk.thread:stop() end
end
done = function(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get('bad') end
  io.write(string.format('JSON {"requests":%d,"p50_ms":%.3f,"p99_ms":%.3f,"not_success":%d}\n', summary.requests,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
