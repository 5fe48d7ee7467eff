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
json.dump({"found": found, "unknown": unknown}, sys.stdout)
