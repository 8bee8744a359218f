#!/usr/bin/env python3
"""Prints the results of bench/run.sh as a table with ratios. usage: bench/table.py RESULTS"""
import json, os, re, statistics, sys

folder = sys.argv[1]


def read(name):
    try:
        return json.load(open(os.path.join(folder, name)))
    except OSError:
        return None


def servers(name):
    return read(name + ".json")


def of(result, *path):
    for step in path:
        if not isinstance(result, dict) or step not in result:
            return None
        result = result[step]
    return result


def pages():
    rows = {}
    try:
        lines = open(os.path.join(folder, "page.jsonl")).read().splitlines()
    except OSError:
        return rows
    for line in lines:
        row = json.loads(line)
        rows[row["name"], row["net"]] = row
    return rows


def syncs(name):
    try:
        return float(re.search(r"per paid (\S+)", open(os.path.join(folder, name + ".syncs")).read())[1])
    except (OSError, TypeError):
        return None


rows = []


def row(what, ours, theirs, baseline, goal, more_is_better=False):
    """goal: the maximum of the ratio ours / theirs, or its minimum if more is better."""
    if ours is None or theirs in (None, 0):
        rows.append((what, ours, theirs, baseline, "–", goal, "not measured"))
        return
    ratio = ours / theirs
    met = ratio >= goal if more_is_better else ratio <= goal
    rows.append((what, ours, theirs, baseline, f"{ratio:.3f}", goal, "met" if met else "NOT MET"))


ours, ours_sync = servers("ours"), servers("ours-sync2000")
hello, node = servers("axum-hello"), servers("node-fxp")
group, group_sync = servers("node-group"), servers("node-group-sync2000")
cpu = lambda result, test: of(result, "tests", test, "cpu_us_per_req")
row("list page, CPU µs a request", cpu(ours, "ssr"), cpu(node, "ssr"), "Node, Vue SSR", 1 / 5)
row("JS-SDK signature, CPU µs", cpu(ours, "jssdk"), cpu(node, "jssdk"), "Node", 1 / 6)
row("the same against hello (stretch)", cpu(ours, "jssdk"), cpu(hello, "hello"), "bare axum", 3)
row("notification, CPU µs", cpu(ours, "notify"), cpu(group, "notify"), "tuned Node", 1 / 4)
test = lambda result, key: of(result, "tests", "notify", key)
row("notifications a second, sync 2 ms, 128 connections", test(ours_sync, "rps"), test(group_sync, "rps"), "tuned Node", 3, True)
row("their p99, ms", test(ours_sync, "p99_ms"), test(group_sync, "p99_ms"), "tuned Node", 1)
row("notifications a second, this disk", test(ours, "rps"), test(group, "rps"), "tuned Node", 1, True)
row("syncs of a paid order", syncs("ours"), 1 if syncs("ours") else None, f"tuned Node: {syncs('node')}", 0.04)
row("start to first answer, ms", of(ours, "startup_ms"), of(node, "startup_ms"), "Node", 1 / 10)
row("memory idle, MiB", of(ours, "rss_idle_mib"), of(node, "rss_idle_mib"), "Node", 1 / 4)
peak = lambda result: max((test["rss_peak_mib"] for test in of(result, "tests").values()), default=None) if result else None
row("memory at its peak, MiB", peak(ours), peak(node), "Node", 1 / 4)
first = read("first-load.json")
row("first load, bytes brotli", sum(first.values()) if first else None, 77143, "Vue with Vant", 1)
measured = pages()
for net in ("fast4g", "slow4g"):
    fcp = lambda name, key="fcp": of(measured.get((name, net)), key)
    row(f"first paint, {net}, ms", fcp("ours-list"), fcp("floor"), "floor page", 1.4 if net == "fast4g" else 1.25)
    row(f"a tap handled, {net}, ms", fcp("ours-product", "handled"), fcp("vue-ssr", "handled"), "Vue SSR", 0.95)



def lines(name):
    """The JSON lines of a file that did not fail."""
    try:
        measured = [json.loads(line) for line in open(os.path.join(folder, name))]
    except OSError:
        return []
    return [line for line in measured if not (line.get("err") or line.get("not_placed"))]


placed = lines("orders.txt")
median = lambda key: statistics.median(line[key] for line in placed) if placed else None
row("orders placed a second, sync 2 ms, 64 shoppers", median("rps"), 1, "an absolute goal", 4000, True)
row("their p99, ms", median("p99_ms"), 1, "an absolute goal", 40)

# the median of the repetitions: CPU µs a request, by server, page and encoding; one line has only the size of a page
TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")
costs, page_bytes = {}, None
for line in lines("pages.txt"):
    if "ticks" not in line:
        page_bytes = line["bytes"]
        continue
    cost = line["ticks"] * TICK_US / max(1, line["requests"])
    costs.setdefault((line["server"], line["page"], line["encoding"]), []).append(cost)
costs = {key: statistics.median(all) for key, all in costs.items()}
LIST, PRODUCT = "/", "/products/mug-celadon"
cost_of = lambda server, page: costs.get((server, page, "br"))
row("product page, CPU µs", cost_of("ours", PRODUCT), cost_of("ours", LIST), "our list page", 3)
row("product page, bytes brotli", page_bytes, 6000, "an absolute goal", 1)
of_shopper = [page for server, page, encoding in costs if server == "node" and encoding == "br" and page != PRODUCT]
for page in of_shopper:
    row(f"`{page}`, CPU µs", cost_of("ours", page), cost_of("node", page), "Node, Vue SSR", 1 / 3)

growth = {}
try:
    for line in open(os.path.join(folder, "growth.txt")):
        measurement = json.loads(line)
        growth.setdefault(measurement["what"], []).append(measurement)
except OSError:
    pass
for what, of_sizes in growth.items():
    few, many = sorted(of_sizes, key=lambda result: result["orders"])
    # refused requests are fast and would falsify the result
    p99 = lambda result: None if result.get("err") or result.get("not_success") else result["p99_ms"]
    row(f"{what}, p99 ms", p99(many), p99(few), f"{many['orders']:,} orders against {few['orders']:,}", 2)

print("| | ours | theirs | against | ratio | goal | |\n|---|---|---|---|---|---|---|")
for what, mine, theirs, baseline, ratio, goal, met in rows:
    show = lambda value: "–" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")
    print(f"| {what} | {show(mine)} | {show(theirs)} | {baseline} | {ratio} | {goal:.3f} | {met} |")
if first:
    print(f"\nFirst load: html {first['html']}, js {first['js']}, wasm {first['wasm']} bytes, brotli; the style is in the html.")
if costs:
    print("\n| page of a shopper, CPU µs a request | compressed | plain | Node, compressed | Node, plain |\n|---|---|---|---|---|")
    for page in dict.fromkeys(page for _, page, _ in costs):
        cells = [costs.get((server, page, encoding)) for server in ("ours", "node") for encoding in ("br", "identity")]
        print(f"| `{page}` | " + " | ".join("–" if cell is None else f"{cell:.0f}" for cell in cells) + " |")
