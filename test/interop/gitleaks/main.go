// What gitleaks itself finds: texts as a JSON list on standard input, its rules and the findings in each text on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/zricethezav/gitleaks/v8/detect"
)

type found struct {
	Rule   string `json:"rule"`
	Secret string `json:"secret"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fail(err)
	}
	detector, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		fail(err)
	}
	out := struct {
		Rules []string  `json:"rules"`
		Found [][]found `json:"found"`
	}{}
	for id := range detector.Config.Rules {
		out.Rules = append(out.Rules, id)
	}
	sort.Strings(out.Rules)
	for _, text := range texts {
		own := []found{}
		for _, one := range detector.DetectString(text) {
			own = append(own, found{one.RuleID, one.Secret})
		}
		out.Found = append(out.Found, own)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
