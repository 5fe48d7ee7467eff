"""Reads {"policies": {id: policy}, "actions": [action]} and says what parliament and policy_sentry find wrong in them, as JSON."""

import json
import sys

from parliament import analyze_policy_string, enhance_finding
from policy_sentry.querying.actions import get_action_data

asked = json.load(sys.stdin)
found = []
for name, policy in asked["policies"].items():
    for finding in analyze_policy_string(json.dumps(policy)).findings:
        finding = enhance_finding(finding)
        found.append({"policy": name, "severity": finding.severity, "issue": finding.issue, "detail": str(finding.detail)})
unknown = []
for action in asked["actions"]:
    service, name = action.split(":")
    data = get_action_data(service, name)
    if not data or not any(one["action"].lower() == action.lower() for one in data.get(service, [])):
        unknown.append(action)
# Actions that stand on resources although IAM has none for them.
unmatched = []
for name, policy in asked["policies"].items():
    for statement in policy["Statement"]:
        resources = statement.get("Resource", [])
        if "*" in ([resources] if isinstance(resources, str) else resources):
            continue
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            service = action.split(":")[0]
            data = get_action_data(service, action.split(":")[1]) or {}
            formats = [one["resource_arn_format"] for one in data.get(service, [])]
            if formats and all(one == "*" for one in formats):
                unmatched.append(f"{name}: {action}")
json.dump({"found": found, "unknown": unknown, "unmatched": unmatched}, sys.stdout)
