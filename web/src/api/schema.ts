// Made by `npm run web:types` of the server's OpenAPI document: not to be changed by hand.

export interface Operations {
  me: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      subject: string
      name: string
      role: 'operator' | 'analyst' | 'manager' | 'auditor' | 'asked'
      signed_in: 'none' | 'oidc' | 'token' | 'header' | 'alb' | 'shell'
      unmask: boolean
      operations: string[]
      lake: {
        place: string
        newest: string | null
      }
      notice: string | null
      look_as: string[] | null
      program: string
    }
  }
  extent: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      first: string | null
      last: string | null
      has: ('calls' | 'conversations' | 'models' | 'sessions')[]
    }
  }
  find: {
    method: 'get'
    input: {
      text: string
      from?: string
      to?: string
      limit?: number
    }
    output: {
      version: number
      asked: {
        is: string
        value: string
      }[]
      rows: {
        table: string
        time: string | null
        id: string | null
        column: string
        account: string | null
        region: string | null
        who: string | null
        what: string | null
      }[]
      more: boolean
      tables: {
        table: string
        rows: number
        files: {
          read: number
          all: number
        }
      }[]
      files: {
        read: number
        all: number
      }
    }
  }
  overview: {
    method: 'get'
    input: {
      from: string
      to: string
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      newest: string | null
      step_ms: number
      start_ms: number
      series: {
        events: number[]
        errors: number[]
        invocations: number[]
        tokens: number[]
        cost_usd: number[]
        findings: number[]
        rejects: number[]
      }
      totals: {
        events: number
        errors: number
        invocations: number
        failed: number
        input_tokens: number
        output_tokens: number
        cost_usd: number | null
        unpriced_tokens: number
        unpriced_models: number
        findings: number | null
        rejects: number | null
      }
      before: {
        events: number
        errors: number
        invocations: number
        failed: number
        input_tokens: number
        output_tokens: number
        cost_usd: number | null
        unpriced_tokens: number
        unpriced_models: number
        findings: number | null
        rejects: number | null
      }
      actors: {
        actor: string
        kind: string | null
        events: number
        errors: number
      }[]
      models: {
        model: string | null
        invocations: number
        tokens: number
        cost_usd: number | null
        unpriced: boolean
      }[]
      errors: {
        errorcode: string
        events: number
        actors: number
      }[]
      first_seen: {
        kind: 'model' | 'actor'
        who: string
        what: string
        time: string
      }[]
      late: {
        kind: 'source' | 'follower' | 'hole'
        name: string
        what: string
        since: string | null
      }[]
    }
  }
  'reviews-waiting': {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      mine: number
      overdue: number
      unassigned: number
      next_due: string | null
      questions: number
    }
  }
  sessions: {
    method: 'get'
    input: {
      from: string
      to: string
      kind?: 'all' | 'session' | 'run' | 'ask'
      state?: 'all' | 'mine' | 'open' | 'overdue' | 'decided' | 'unassigned' | 'left-out'
      who?: string
      order?: 'due' | 'risk' | 'newest'
      after?: string
      limit?: number
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      rows: {
        id: string
        kind: 'session' | 'run' | 'ask'
        who: string | null
        acting_as: string | null
        where: string | null
        started: string | null
        ended: string | null
        minutes: number | null
        outcome: string
        errorcode: string | null
        account: string | null
        region: string | null
        reason: string | null
        output_lines: number
        calls: number
        changes: number
        errors: number
        findings: number
        risk: number
        why: string[]
        review: {
          id: string
          state: string
          due: string | null
          overdue: boolean
          reviewer: string | null
          mine: boolean
          decision: 'confirm' | 'deny' | null
        } | null
      }[]
      total: number
      states: {
        mine: number
        open: number
        overdue: number
        decided: number
        unassigned: number
        left_out: number
      }
      next: string | null
    }
  }
  session: {
    method: 'get'
    input: {
      id: string
    }
    output: {
      version: number
      session: {
        id: string
        kind: 'session' | 'run' | 'ask'
        who: string | null
        acting_as: string | null
        where: string | null
        started: string | null
        ended: string | null
        minutes: number | null
        outcome: string
        errorcode: string | null
        account: string | null
        region: string | null
        reason: string | null
        output_lines: number
        calls: number
        changes: number
        errors: number
        findings: number
        risk: number
        why: string[]
        review: {
          id: string
          state: string
          due: string | null
          overdue: boolean
          reviewer: string | null
          mine: boolean
          decision: 'confirm' | 'deny' | null
        } | null
        sessionid: string | null
        document: string | null
        address: string | null
        arn: string | null
        access_key: string | null
        source_identity: string | null
        terminated_by: string | null
        resumed: number
        run_as: string | null
      }
      output: {
        delivery: 'streamed' | 'uploaded' | 'both' | 'none'
        timed: boolean
        pieces: number
        lines: number
        from: string | null
        until: string | null
        missing: string[]
        gaps: {
          from: string
          to: string
          seconds: number
        }[]
      }
      findings: {
        id: string
        title: string
        severity: string
        time: string | null
        event: string | null
      }[]
      neighbours: {
        newer: string | null
        older: string | null
      }
    }
  }
  'session-output': {
    method: 'get'
    input: {
      id: string
      after?: string
      limit?: number
      raw?: boolean | 'true' | 'false'
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      pieces: {
        at: string | null
        id: string
        first_line: number
        text: string
        cut: number
        raw: string | null
        delivery: string
        masked: {
          kind: string
          count: number
        }[]
        overwrites: boolean
      }[]
      next: string | null
    }
  }
  'session-calls': {
    method: 'get'
    input: {
      id: string
      limit?: number
    }
    output: {
      version: number
      rows: {
        eventid: string
        eventtime: string
        phase: 'before' | 'during' | 'after'
        same: 'access key' | 'source identity' | 'both'
        eventsource: string | null
        eventname: string | null
        errorcode: string | null
        readonly: boolean | null
        awsregion: string | null
        sourceipaddress: string | null
        useragent: string | null
        requestparameters: string | null
      }[]
      total: number
    }
  }
  'session-search': {
    method: 'get'
    input: {
      from: string
      to: string
      q: string
      id?: string
      limit?: number
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      hits: {
        session: string | null
        who: string | null
        at: string | null
        piece: string
        line: number
        text: string
      }[]
      more: boolean
    }
  }
  review: {
    method: 'get'
    input: {
      id: string
    }
    output: {
      version: number
      review: {
        id: string
        subject: string
        kind: 'session' | 'run' | 'ask'
        person: string | null
        state:
          | 'assigned'
          | 'opened'
          | 'asked'
          | 'answered'
          | 'second look'
          | 'closed'
          | 'changed since'
          | 'withdrawn'
        reviewer: string | null
        mine: boolean
        due: string
        overdue: boolean
        decision: 'confirm' | 'deny' | null
        seq: number
      }
      steps: {
        seq: number
        kind:
          | 'assigned'
          | 'reassigned'
          | 'escalated'
          | 'opened'
          | 'asked'
          | 'answered'
          | 'decided'
          | 'upheld'
          | 'overturned'
          | 'changed_since'
          | 'withdrawn'
          | 'seen'
        at: string
        by: {
          subject: string
          name: string
          role: string
          signed_in: string
        }
        on_behalf_of: string | null
        reviewer: string | null
        decision: 'confirm' | 'deny' | null
        reason: string | null
        ticket: string | null
        lake_version: number
        evidence_digest: string | null
      }[]
      may: ('decide' | 'ask' | 'answer' | 'reassign' | 'look again' | 'withdraw')[]
      why_not: string | null
      question: string | null
      checklist: {
        rows_offered: number
        rows_opened: number
        lines: number
        last_line: number | null
        findings: number
        findings_opened: number
        unmasked: boolean
        seconds: number
      }
      told: {
        at: string
        recipient: string
        on_behalf_of: string | null
        stage: string
        destination: string
        outcome: 'planned' | 'sent' | 'refused' | 'not needed'
        answer: string | null
      }[]
      complete: {
        ended: boolean
        output_comes_at_end: boolean
        note: string | null
      }
    }
  }
  'review-open': {
    method: 'post'
    input: {
      id: string
      seq: number
    }
    output: {
      id: string
      subject: string
      kind: 'session' | 'run' | 'ask'
      person: string | null
      state:
        | 'assigned'
        | 'opened'
        | 'asked'
        | 'answered'
        | 'second look'
        | 'closed'
        | 'changed since'
        | 'withdrawn'
      reviewer: string | null
      mine: boolean
      due: string
      overdue: boolean
      decision: 'confirm' | 'deny' | null
      seq: number
    }
  }
  'review-seen': {
    method: 'post'
    input: {
      id: string
      rows_opened?: string[]
      findings_opened?: string[]
      last_line?: number
      seconds: number
    }
    output: {
      recorded: boolean
    }
  }
  'review-decide': {
    method: 'post'
    input: {
      id: string
      seq: number
      decision: 'confirm' | 'deny'
      reason: string
      ticket?: string
    }
    output: {
      id: string
      subject: string
      kind: 'session' | 'run' | 'ask'
      person: string | null
      state:
        | 'assigned'
        | 'opened'
        | 'asked'
        | 'answered'
        | 'second look'
        | 'closed'
        | 'changed since'
        | 'withdrawn'
      reviewer: string | null
      mine: boolean
      due: string
      overdue: boolean
      decision: 'confirm' | 'deny' | null
      seq: number
    }
  }
  'review-step': {
    method: 'post'
    input: {
      id: string
      seq: number
      step: 'asked' | 'answered' | 'reassigned' | 'upheld' | 'overturned' | 'withdrawn'
      reason: string
      to?: string
    }
    output: {
      id: string
      subject: string
      kind: 'session' | 'run' | 'ask'
      person: string | null
      state:
        | 'assigned'
        | 'opened'
        | 'asked'
        | 'answered'
        | 'second look'
        | 'closed'
        | 'changed since'
        | 'withdrawn'
      reviewer: string | null
      mine: boolean
      due: string
      overdue: boolean
      decision: 'confirm' | 'deny' | null
      seq: number
    }
  }
  questions: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      rows: {
        id: string
        kind: 'session' | 'run' | 'ask'
        started: string | null
        ended: string | null
        acting_as: string | null
        outcome: string | null
        where: string | null
        question: string
        asked_by: string
        asked_at: string
        answer: string | null
        answered_at: string | null
        open: boolean
        seq: number
      }[]
    }
  }
  delegations: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      rows: {
        id: string
        from: string
        to: string
        begins: string
        ends: string
        state: 'coming' | 'now' | 'over'
        reason: string
        by: string
        at: string
        ended_by: string | null
        ended_at: string | null
        ended_why: string | null
        may_end: boolean
      }[]
    }
  }
  delegate: {
    method: 'post'
    input: {
      to: string
      from?: string
      until: string
      reason: string
    }
    output: {
      id: string
      to: string
      begins: string
      ends: string
    }
  }
  'delegation-end': {
    method: 'post'
    input: {
      id: string
      reason: string
    }
    output: {
      id: string
      ended: boolean
    }
  }
  evidence: {
    method: 'get'
    input: {
      review?: string
      finding?: string
      answer?: string
      sql?: string
      unmask?: boolean | 'true' | 'false'
      objects?: boolean | 'true' | 'false'
      records?: boolean | 'true' | 'false'
    }
    output: unknown
  }
  conversations: {
    method: 'get'
    input: {
      from: string
      to: string
      who?: string
      model?: string
      tool?: string
      only?: 'all' | 'tools' | 'failed' | 'guardrail' | 'findings'
      after?: string
      limit?: number
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      rows: {
        id: string
        started: string
        ended: string
        who: string | null
        role: string | null
        arn: string | null
        account: string | null
        region: string | null
        calls: number
        failed: number
        tool_calls: number
        tools: string[]
        models: string[]
        stop_reason: string | null
        guardrail_interventions: number
        input_tokens: number
        output_tokens: number
        cache_read_tokens: number
        cache_write_tokens: number
        latency_ms: number | null
        cost_usd: number | null
        unpriced: boolean
        findings: number
      }[]
      total: number
      next: string | null
    }
  }
  conversation: {
    method: 'get'
    input: {
      id: string
      after?: string
      limit?: number
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      conversation: {
        id: string
        started: string
        ended: string
        who: string | null
        role: string | null
        arn: string | null
        account: string | null
        region: string | null
        calls: number
        failed: number
        tool_calls: number
        tools: string[]
        models: string[]
        stop_reason: string | null
        guardrail_interventions: number
        input_tokens: number
        output_tokens: number
        cache_read_tokens: number
        cache_write_tokens: number
        latency_ms: number | null
        cost_usd: number | null
        unpriced: boolean
        findings: number
      }
      system: {
        passage: {
          text: string
          length: number
          masked: {
            kind: string
            count: number
          }[]
          flags: {
            kind: string
            from: number
            to: number
            score: number
          }[]
        }
      } | null
      calls: {
        call: number
        requestid: string
        eventid: string | null
        time: string
        pause_s: number | null
        model: string | null
        operation: string | null
        errorcode: string | null
        stop_reason: string | null
        latency_ms: number | null
        input_tokens: number | null
        output_tokens: number | null
        cache_read_tokens: number | null
        cache_write_tokens: number | null
        cost_usd: number | null
        guardrail: string | null
        identity_from: string | null
        repeated: number
        messages: {
          role: string
          index: number
          parts: {
            kind: 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'image' | 'document' | 'other'
            passage?: {
              text: string
              length: number
              masked: {
                kind: string
                count: number
              }[]
              flags: {
                kind: string
                from: number
                to: number
                score: number
              }[]
            }
            tool?: {
              id: string | null
              name: string | null
              status: string | null
            }
          }[]
        }[]
        answer: {
          kind: 'text' | 'reasoning' | 'tool_call' | 'tool_result' | 'image' | 'document' | 'other'
          passage?: {
            text: string
            length: number
            masked: {
              kind: string
              count: number
            }[]
            flags: {
              kind: string
              from: number
              to: number
              score: number
            }[]
          }
          tool?: {
            id: string | null
            name: string | null
            status: string | null
          }
        }[]
        body: string
      }[]
      next: string | null
    }
  }
  'conversation-text': {
    method: 'get'
    input: {
      requestid: string
      of: 'system' | 'message' | 'answer' | 'input_body' | 'output_body'
      message?: number
      part?: number
      from?: number
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      text: string
      from: number
      length: number
      masked: {
        kind: string
        count: number
      }[]
    }
  }
  'agent-run': {
    method: 'get'
    input: {
      id: string
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      run: {
        id: string
        time: string
        asked_by: string | null
        role: string | null
        question: string
        mode: string | null
        model: string | null
        ended: string | null
        turns: number
        statements: number
        refused: number
        input_tokens: number
        output_tokens: number
        cost_usd: number | null
        seconds: number | null
        claims: number
        struck_out: number
        lake_version: number
      }
      claims: {
        text: string
        verdict: string
        why: string
        evidence: {
          result: string
          rows: number[]
        }[]
      }[]
      steps: {
        seq: number
        time: string
        kind: string | null
        tool: string | null
        input: string | null
        outcome: string | null
        said: string | null
        result: string | null
        sql: string | null
        rows: number | null
      }[]
    }
  }
  activity: {
    method: 'get'
    input: {
      from: string
      to: string
      where?: string[]
      after?: string
      limit?: number
      columns?: string[]
      deep?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      rows: {
        eventid: string
        eventtime: string
        actor: string | null
        actor_kind: string | null
        eventsource: string | null
        eventname: string | null
        errorcode: string | null
        errormessage: string | null
        readonly: boolean | null
        awsregion: string | null
        recipientaccountid: string | null
        sourceipaddress: string | null
        useragent: string | null
        useridentity_arn: string | null
        useridentity_accesskeyid: string | null
        requestparameters: string | null
        requestparameters_length: number | null
        [column: string]: unknown
      }[]
      next: string | null
      reached: string
      stopped: boolean
      files: {
        read: number
        all: number
      }
    }
  }
  'activity-chart': {
    method: 'get'
    input: {
      from: string
      to: string
      where?: string[]
      steps?: number
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      start_ms: number
      step_ms: number
      events: number[]
      errors: number[]
      total: number
      counted: 'summary' | 'rows' | 'no'
      why: string | null
    }
  }
  'activity-facets': {
    method: 'get'
    input: {
      from: string
      to: string
      where?: string[]
      values?: number
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      counted: 'summary' | 'rows' | 'no'
      why: string | null
      facets: {
        field: string
        distinct: number
        values: {
          value: string | null
          events: number
        }[]
      }[]
    }
  }
  record: {
    method: 'get'
    input: {
      table?: string
      id: string
      at?: string
      unmask?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      table: string
      id: string
      columns: {
        name: string
        type: string
        doc: string
        value: unknown
        json: boolean
        masked: boolean
      }[]
      object: {
        name: string
        sha256: string | null
        bytes: number | null
        source: string | null
        ingested: string | null
      } | null
    }
  }
  findings: {
    method: 'get'
    input: {
      from: string
      to: string
      state?: 'all' | 'open' | 'mine' | 'closed' | 'suppressed'
      where?: string[]
      group?: 'none' | 'rule' | 'who' | 'account'
      after?: string
      limit?: number
    }
    output: {
      version: number
      there: boolean
      rows: {
        id: string
        time: string | null
        rule: string
        title: string
        severity: 'informational' | 'low' | 'medium' | 'high' | 'critical'
        detector: string | null
        who: string | null
        arn: string | null
        explanation: string | null
        what: string | null
        account: string | null
        region: string | null
        count: number
        state: 'open' | 'taken' | 'closed' | 'suppressed'
        verdict: 'true' | 'false' | 'benign' | 'duplicate' | null
        reason: string | null
        assignee: string | null
        suppressed_by: string | null
        suppressed_why: string | null
      }[]
      groups: {
        key: string | null
        findings: number
        newest: string | null
        severity: string
      }[]
      states: {
        open: number
        mine: number
        closed: number
        suppressed: number
      }
      total: number
      next: string | null
    }
  }
  finding: {
    method: 'get'
    input: {
      id: string
    }
    output: {
      version: number
      finding: {
        id: string
        time: string | null
        rule: string
        title: string
        severity: 'informational' | 'low' | 'medium' | 'high' | 'critical'
        detector: string | null
        who: string | null
        arn: string | null
        explanation: string | null
        what: string | null
        account: string | null
        region: string | null
        count: number
        state: 'open' | 'taken' | 'closed' | 'suppressed'
        verdict: 'true' | 'false' | 'benign' | 'duplicate' | null
        reason: string | null
        assignee: string | null
        suppressed_by: string | null
        suppressed_why: string | null
      }
      rule: {
        name: string
        doc: string | null
        runbook: string | null
        references: string[]
        false_positives: string[]
      }
      evidence: {
        table: string
        id: string
        time: string | null
        row: Record<string, unknown>
      }[]
      history: {
        at: string
        by: string
        state: string
        verdict: string | null
        reason: string | null
        assignee: string | null
      }[]
      others: {
        same_rule: number
        same_actor: number
      }
    }
  }
  triage: {
    method: 'post'
    input: {
      ids?: string[]
      matching?: {
        from: string
        to: string
        state?: 'all' | 'open' | 'mine' | 'closed' | 'suppressed'
        where?: string[]
      }
      to: 'open' | 'taken' | 'closed'
      verdict?: 'true' | 'false' | 'benign' | 'duplicate'
      reason?: string
      assignee?: string
    }
    output: {
      changed: number
    }
  }
  suppress: {
    method: 'post'
    input: {
      rule?: string
      actor?: string
      resource?: string
      until: string
      reason: string
    }
    output: {
      id: string
      hides: number
    }
  }
  suppressions: {
    method: 'get'
    input: {
      limit?: number
    }
    output: {
      version: number
      rows: {
        id: string
        rule: string | null
        title: string | null
        actor: string | null
        resource: string | null
        until: string
        ended: boolean
        reason: string | null
        by: string | null
        made: string
        hides: number
        alone: number
      }[]
      hidden: number
      total: number
    }
  }
  'suppression-end': {
    method: 'post'
    input: {
      id: string
    }
    output: {
      shows: number
    }
  }
  digest: {
    method: 'get'
    input: {
      since?: string
      until?: string
      days?: number
      lines?: number
      accounts?: string[]
      regions?: string[]
      services?: string[]
      principals?: string[]
    }
    output: {
      version: number
      since: string
      until: string
      past: {
        days: number
        wanted: number
        events: number
      }
      events: number
      principals: number
      accounts: number
      own: number
      lines: {
        kind: 'destructive' | 'denied' | 'loud' | 'new' | 'rare'
        about: 'principal' | 'call' | 'service' | 'region'
        severity: 'high' | 'medium' | 'low' | 'informational'
        said: string
        principal: string
        service: string
        call: string
        region: string
        account: string
        errorcode: string | null
        events: number
        usual: number
        first_time: string
        last_time: string
        ids: string[]
      }[]
      more: Record<string, number>
    }
  }
  usage: {
    method: 'get'
    input: {
      from: string
      to: string
      by?: (
        | 'model'
        | 'endpoint'
        | 'who'
        | 'role'
        | 'team'
        | 'named_team'
        | 'day'
        | 'account'
        | 'region'
        | 'service'
        | 'errorcode'
      )[]
      step?: 'hour' | 'day' | 'week'
      where?: string[]
    }
    output: {
      version: number
      behind: {
        rows: number
        ms: number
      }
      total: {
        invocations: number
        failed: number
        input_tokens: number
        output_tokens: number
        cache_read_tokens: number
        cache_write_tokens: number
        latency_ms_p50: number | null
        latency_ms_p95: number | null
        latency_ms_p99: number | null
        cost_usd: number | null
        unpriced_tokens: number
        uncounted: number
      }
      groups: {
        keys: (string | null)[]
        invocations: number
        failed: number
        input_tokens: number
        output_tokens: number
        cache_read_tokens: number
        cache_write_tokens: number
        latency_ms_p50: number | null
        latency_ms_p95: number | null
        latency_ms_p99: number | null
        cost_usd: number | null
        unpriced_tokens: number
        uncounted: number
        series: number[]
      }[]
      start_ms: number
      step_ms: number
      unpriced: {
        model: string | null
        tokens: number
      }[]
      teams: {
        in_people_file: boolean
        changed: string | null
        before: number
      }
      prices: {
        read_on: string | null
        source: string | null
      }
    }
  }
  'usage-export': {
    method: 'get'
    input: {
      from: string
      to: string
      where?: string[]
      format?: 'csv' | 'csv-safe' | 'ndjson' | 'parquet'
    }
    output: unknown
  }
  query: {
    method: 'post'
    input: {
      sql: string
      parameters?: Record<string, string | null>
      limit?: number
      since?: string
      until?: string
      version?: number
    }
    output: {
      version: number
      columns: {
        name: string
        type: string
      }[]
      rows: unknown[][]
      more: boolean
      files: {
        read: number
        all: number
      }
      ms: number
    }
  }
  'query-export': {
    method: 'post'
    input: {
      sql: string
      parameters?: Record<string, string | null>
      format?: 'csv' | 'csv-safe' | 'ndjson' | 'parquet'
      version?: number
    }
    output: unknown
  }
  queries: {
    method: 'get'
    input: {
      name?: string
    }
    output: {
      version: number
      queries: {
        name: string
        title: string
        doc: string
        parameters: {
          name: string
          doc: string
        }[]
        sql: string
      }[]
    }
  }
  named: {
    method: 'post'
    input: {
      name: string
      parameters?: Record<string, string | null>
      since?: string
      until?: string
      version?: number
      limit?: number
    }
    output: {
      version: number
      columns: {
        name: string
        type: string
      }[]
      rows: unknown[][]
      more: boolean
      files: {
        read: number
        all: number
      }
      ms: number
      name: string
    }
  }
  saved: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      questions: {
        id: string
        name: string
        sql: string
        parameters: Record<string, string | null>
        shared: boolean
        mine: boolean
        owner: string
        saved: string
      }[]
    }
  }
  'saved-save': {
    method: 'post'
    input: {
      name: string
      sql: string
      parameters?: Record<string, string | null>
      shared?: boolean
    }
    output: {
      id: string
      name: string
      sql: string
      parameters: Record<string, string | null>
      shared: boolean
      mine: boolean
      owner: string
      saved: string
    }
  }
  'saved-remove': {
    method: 'post'
    input: {
      id: string
    }
    output: {
      removed: boolean
    }
  }
  tables: {
    method: 'get'
    input: {
      name?: string
      brief?: boolean | 'true' | 'false'
    }
    output: {
      version: number
      tables: {
        name: string
        kind: 'table' | 'view'
        title: string | null
        doc: string
        logs: boolean
        rows: number | null
        files: number | null
        bytes: number | null
        columns: {
          name: string
          type: string
          doc: string
        }[]
      }[]
      functions: string[]
    }
  }
  sources: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      sources: {
        name: string
        type: string | null
        stopped: boolean
        note: string | null
        last_commit: string | null
        newest: string | null
        rate: number | null
        usual_lag_s: number | null
        last_object: string | null
        last_error: {
          at: string
          text: string
          object: string | null
        } | null
        left_out: {
          reason: string
          objects: number
          first: string
          last: string
        }[]
        objects: {
          read: number
          rejected: number
          dead_letters: number
          waiting: number | null
        }
        records: {
          read: number
          stored: number
          repeated: number
          skipped: number
          rejected: number
          conflicts: number
        }
        percent: {
          objects: number
          records: number
        }
      }[]
      logtypes: {
        name: string
        rows: number
        objects: number
        repeated: number
        rejected: number
        last_commit: string | null
        newest: string | null
      }[]
      followers: {
        name: string
        state: string
        seen: string | null
        behind: {
          rows: number
          ms: number
        }
      }[]
      total: {
        objects: {
          read: number
          rejected: number
          dead_letters: number
          waiting: number | null
        }
        records: {
          read: number
          stored: number
          repeated: number
          skipped: number
          rejected: number
          conflicts: number
        }
        percent: {
          objects: number
          records: number
        }
      }
      digests: {
        percent: number
        same: number
        named: number
        unnamed: number
        awaited: number
        days: {
          day: string
          account: string
          region: string
          percent: number
          awaited: number
        }[]
      } | null
      holes: {
        place: string
        account: string
        service: string
        region: string
        from: string
        to: string
        before: number
        after: number
      }[]
    }
  }
  completeness: {
    method: 'get'
    input: {
      days?: number
    }
    output: {
      version: number
      first: string | null
      last: string | null
      rows: {
        account: string
        region: string
        service: string
        place: string
        days: {
          day: string
          files: number
          hours: number
          state: 'complete' | 'gap' | 'arriving' | 'none'
        }[]
      }[]
    }
  }
  days: {
    method: 'get'
    input: {
      table?: string
      from?: string
      to?: string
      accounts?: string[]
      regions?: string[]
      limit?: number
    }
    output: {
      version: number
      rows: {
        table: string
        day: string | null
        account: string | null
        region: string | null
        records: number
      }[]
      more: boolean
    }
  }
  followers: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      followers: {
        name: string
        state: 'following' | 'done' | 'let-go'
        replay: string | null
        seen: string
        behind: {
          files: number
          rows: number
          bytes: number
          versions: number
          ms: number
        }
        tables: {
          table: string
          seen: string
          behind: {
            files: number
            rows: number
            bytes: number
            versions: number
            ms: number
          }
        }[]
      }[]
    }
  }
  routes: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      routes: {
        name: string
        table: string
        to: string
        state: 'following' | 'done' | 'let-go' | 'paused' | 'waits' | 'not begun'
        behind: {
          rows: number
          ms: number
        } | null
        why: string | null
      }[]
    }
  }
  analyses: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      analyses: {
        run: string
        begun: string
        state: string
        selection: string
        why: string
        to: string[]
        sent: string[]
      }[]
    }
  }
  versions: {
    method: 'get'
    input: {
      before?: number
      limit?: number
    }
    output: {
      version: number
      versions: {
        version: number
        at: string
        by: string
        changes: {
          table: string
          added: number | null
          removed: number | null
          files: number | null
        }[]
        readable: boolean
      }[]
      more: number
      given_up: number
    }
  }
  holds: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      version: number
      holds: {
        id: string
        selector:
          | {
              kind: 'person' | 'key' | 'object'
              value: string
            }
          | {
              kind: 'days'
              since?: string
              until?: string
            }
        by: string
        reason: string
        time: string
      }[]
    }
  }
  objects: {
    method: 'get'
    input: {
      outcome?: 'stored' | 'skipped' | 'rejected' | 'left-out'
      logtype?: string
      like?: string
      after?: string
      limit?: number
    }
    output: {
      version: number
      rows: {
        lake_object: string
        outcome: string
        logtype: string | null
        envelope: string | null
        bytes: number | null
        records_read: number | null
        records_stored: number | null
        records_repeated: number | null
        records_skipped: number | null
        records_rejected: number | null
        records_conflicting: number | null
        reason: string | null
        first_time: string | null
        last_time: string | null
        sha256: string | null
        version: string | null
        lake_ingested_at: string | null
      }[]
      total: number
      next: string | null
    }
  }
  'dead-letters': {
    method: 'get'
    input: {
      all?: boolean | 'true' | 'false'
      code?: string
      after?: string
      limit?: number
    }
    output: {
      version: number
      rows: {
        id: string
        code: string | null
        reason: string | null
        source: string | null
        queue: string | null
        message_id: string | null
        lake_object: string | null
        sent_at: string | null
        receives: number | null
        replayed_at: string | null
        in_lake: boolean
      }[]
      total: number
      next: string | null
    }
  }
  rejects: {
    method: 'get'
    input: {
      code?: string
      like?: string
      source?: string
      after?: string
      limit?: number
    }
    output: {
      version: number
      rows: {
        id: string
        code: string | null
        reason: string | null
        object: string | null
        position: number | null
        size: number | null
        records: number | null
        ingested: string | null
        bytes: string
      }[]
      codes: {
        code: string
        records: number
      }[]
      next: string | null
    }
  }
  'rejects-replay': {
    method: 'post'
    input: {
      ids?: string[]
      code?: string
      object?: string
      dry_run?: boolean
    }
    output: {
      tried: number
      replayed: number
      left: number
      stored: number
      repeated: number
      skipped: number
      conflicts: number
      version: number
    }
  }
  doctor: {
    method: 'get'
    input: {
      anew?: boolean | 'true' | 'false'
    }
    output: {
      at: string
      state: 'ok' | 'not' | 'unknown'
      counts: {
        ok: number
        not: number
        unknown: number
        none: number
      }
      lines: {
        check: string
        group: string
        title: string
        state: 'ok' | 'not' | 'unknown' | 'none'
        about: string | null
        says: string
        permissions: string[]
        fix: {
          does: string
          commands: string[]
          needs: string[]
          ours: boolean
          costs: string | null
        } | null
        denied: {
          action: string | null
          resource: string | null
          policy: string
          explicit: boolean
          policy_arn: string | null
        } | null
      }[]
    }
  }
  'access-log': {
    method: 'get'
    input: {
      from: string
      to: string
      where?: string[]
      after?: string
      limit?: number
    }
    output: {
      version: number
      rows: {
        id: string
        time: string
        subject: string
        name: string
        role: string
        signed_in: string
        address: string | null
        operation: string
        about: string | null
        input: string
        outcome: string
        rows: number | null
        unmasked: boolean
        lake_version: number | null
      }[]
      next: string | null
      pending: number
    }
  }
  'period-report': {
    method: 'get'
    input: {
      from: string
      to: string
    }
    output: {
      version: number
      found: number
      confirmed: number
      denied: number
      open: number
      overdue: number
      left_out: {
        reason: string
        sessions: number
      }[]
      adds_up: boolean
      by_day: {
        day: string
        found: number
        confirmed: number
        denied: number
        open: number
        overdue: number
        left_out: number
      }[]
      reviewers: {
        reviewer: string | null
        assigned: number
        decided: number
        overdue: number
        median_seconds: number | null
      }[]
      changed_since: number
      second_looks: {
        upheld: number
        overturned: number
        waiting: number
      }
      people_file: {
        sha256: string | null
        read: string | null
        people: number
      }
      complete_to: string | null
    }
  }
  tokens: {
    method: 'get'
    input: Record<string, unknown>
    output: {
      tokens: {
        id: string
        name: string
        scopes: ('read' | 'query' | 'status' | 'iceberg')[]
        created: string
        expires: string
        last_used: string | null
      }[]
    }
  }
  'token-create': {
    method: 'post'
    input: {
      name: string
      scopes: ('read' | 'query' | 'status' | 'iceberg')[]
      days?: number
    }
    output: {
      id: string
      token: string
      expires: string
    }
  }
  'token-revoke': {
    method: 'post'
    input: {
      id: string
    }
    output: {
      revoked: number
    }
  }
  ask: {
    method: 'post'
    input: {
      question: string
      model?: 'auto' | 'off'
      max_usd?: number
    }
    output:
      | {
          kind: 'progress'
          step: 'looking' | 'running' | 'thinking' | 'reading' | 'checking' | 'waiting' | 'compacting'
          text: string
          sql?: string
        }
      | {
          kind: 'answer'
          answer: {
            run: string
            question: string
            mode: 'model' | 'named' | 'nearest' | 'nothing'
            trusted: boolean
            now: {
              time: string
              source: 'clock' | 'newest event'
              note: string
            }
            version: number
            claims: {
              text: string
              template: string
              evidence: {
                result: string
                rows: number[]
              }[]
              verdict: 'holds' | 'read' | 'struck out'
              why: string
            }[]
            results: {
              id: string
              kind: 'named' | 'view' | 'sql' | 'values' | 'reading'
              name: string | null
              title: string
              parameters: Record<string, string | null>
              since: string | null
              until: string | null
              sql: string
              version: number
              columns: {
                name: string
                type: string
              }[]
              rows: unknown[][]
              more: boolean
              keys: string[]
              flagged: number[]
            }[]
            nearest: {
              name: string
              kind: 'query' | 'view' | 'table'
              title: string
              doc: string
              parameters: Record<string, string>
              command: string
            }[]
            suggestions: string[]
            notes: string[]
            cost: {
              model: string | null
              turns: number
              statements: number
              input_tokens: number
              output_tokens: number
              estimated: boolean
              usd: number | null
              seconds: number
              ended: string
            }
          }
        }
      | {
          kind: 'error'
          detail: string
        }
  }
}
