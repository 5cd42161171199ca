import json
import sys

trial = json.load(sys.stdin)
limit = trial["settings"]["limit"]
drawdown = trial["results"]["backtest"]["metrics"]["max_drawdown"]
print("looking at", trial["study"], trial["number"], file=sys.stderr)
passed = drawdown <= limit
json.dump({
    "verdict": "passed" if passed else "rejected",
    "reason": f"drawdown {drawdown:.3f}, limit {limit}",
    "results": {"drawdown": drawdown},
}, sys.stdout)
