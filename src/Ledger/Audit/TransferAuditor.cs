namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks each transfer across its accounts (invariant 4): one hold, at most one answer and one outcome, all in agreement. Other operations
/// with several entries go to <see cref="PaymentAuditor"/>. It is fed by operation, then leg. That includes entries whose kind stands alone, where an operation has a leg
/// more than once. Memory: one operation, and a sum per region.
/// </summary>
public sealed class TransferAuditor(InvariantChecks checks)
{
    private readonly Dictionary<RegionCode, Int128> _inTransitByRegion = [];
    private readonly List<Entry> _current = [];
    private EntryTally _entries;
    private Guid _operation;
    private Entry? _last;
    private Entry? _hold;
    private Entry? _answer;
    private Entry? _outcome;

    /// <summary>What is received but not yet posted, in fen: until the post, the money shows on both accounts.</summary>
    public Int128 InTransitFen { get; private set; }

    /// <summary>The same, by the payer's region.</summary>
    public IReadOnlyDictionary<RegionCode, Int128> InTransitByRegionFen => _inTransitByRegion;

    public EntryTally Entries => _entries;

    /// <summary>Where the audit is, for the message about an entry that cannot be read.</summary>
    public string Position => _entries.Count == 0 ? "at the first entry by operation" : $"after transfer {_operation}";

    /// <summary>Checks the next entry.</summary>
    /// <returns>What the previous operation has left open, if this entry begins a new one.</returns>
    public IReadOnlyList<OpenTransfer> Add(Entry entry)
    {
        IReadOnlyList<OpenTransfer> open = [];
        if (entry.Operation != _operation)
        {
            open = Complete();
            if (entry.Operation < _operation)
            {
                checks.TransferOutcomes.Violate($"transfer {entry.Operation}: read after {_operation}; the order by operation is broken.");
            }

            (_operation, _last) = (entry.Operation, null);
        }

        if (_last is not null && _last.Leg == entry.Leg && entry.Leg >= Leg.Opening)
        {
            checks.TransferOutcomes.Violate(
                $"operation {entry.Operation}: its {AuditWords.Of(entry.Leg)} is there twice, on account {_last.Account}/{_last.Version} and on account {entry.Account}/{entry.Version}.");
        }

        _last = entry;
        if (OpenWork.HasCompany(entry))
        {
            _entries.Add(entry);
            _current.Add(entry);
        }

        return open;
    }

    /// <summary>Completes the last operation. To be called after every entry.</summary>
    /// <returns>What it has left open.</returns>
    public IReadOnlyList<OpenTransfer> Complete()
    {
        if (_current.Count == 0)
        {
            return [];
        }

        checks.TransferOutcomes.Count();
        if (PaymentAuditor.IsFor(_current))
        {
            PaymentAuditor.Check(checks.TransferOutcomes, _current, AddInTransit);
        }
        else
        {
            CheckTransfer();
        }

        List<OpenTransfer>? open = FindOpen();
        _current.Clear();
        (_hold, _answer, _outcome) = (null, null, null);
        return open ?? (IReadOnlyList<OpenTransfer>)[];
    }

    private void CheckTransfer()
    {
        foreach (Entry entry in _current)
        {
            switch (entry.Leg)
            {
                case Leg.Opening:
                    _hold ??= entry;
                    break;
                case Leg.Answer:
                    _answer ??= entry;
                    break;
                case Leg.Outcome:
                    _outcome ??= entry;
                    break;
                default:
                    checks.TransferOutcomes.Violate($"{Name(entry)}: {AuditWords.Of(entry.Leg)} is unknown.");
                    break;
            }
        }

        if (_answer is { Kind: EntryKind.Receive, Detail: ReceiveTerms terms } && _outcome is null)
        {
            AddInTransit(terms.PayerRegion, _answer.Amounts.WalletFen);
        }

        Check();
    }

    /// <summary>Null when nothing is open, as for nearly every operation.</summary>
    private List<OpenTransfer>? FindOpen()
    {
        List<OpenTransfer>? open = null;
        foreach (Entry entry in _current)
        {
            if (OpenWork.IsOpenedBy(entry, out DateTimeOffset expiresAt, out bool isAutomatic)
                && !IsEnded(entry.Leg))
            {
                open ??= [];
                open.Add(new(entry.Operation, entry.Leg, entry.Account, entry.At, expiresAt, isAutomatic));
            }
        }

        return open;
    }

    private bool IsEnded(Leg opened)
    {
        foreach (Entry entry in _current)
        {
            if (OpenWork.IsEndedBy(entry, out Leg opener) && opener == opened)
            {
                return true;
            }
        }

        return false;
    }

    private void AddInTransit(RegionCode payerRegion, long fen)
    {
        InTransitFen += fen;
        _inTransitByRegion[payerRegion] = _inTransitByRegion.GetValueOrDefault(payerRegion) + fen;
    }

    private void Check()
    {
        if (_hold is not { Kind: EntryKind.Hold, Detail: HoldTerms terms })
        {
            checks.TransferOutcomes.Violate($"{Name(_answer ?? _outcome ?? _hold ?? _current[0])}: the transfer has no hold.");
            return;
        }

        if (_answer is not null)
        {
            CheckAnswer(_hold, terms, _answer);
        }

        if (_outcome is not null)
        {
            CheckOutcome(_hold, _outcome);
        }
    }

    private void CheckAnswer(Entry hold, HoldTerms terms, Entry answer)
    {
        if (answer.Account != terms.Payee)
        {
            checks.TransferOutcomes.Violate($"{Name(answer)}: held for {terms.Payee}, answered by {answer.Account}.");
        }

        if (answer.Kind != EntryKind.Receive)
        {
            if (answer is not { Kind: EntryKind.Decline, Detail: EndTerms })
            {
                checks.TransferOutcomes.Violate($"{Name(answer)}: a {AuditWords.Of(answer.Kind)} is no answer to a transfer.");
            }

            return;
        }

        if (answer.Amounts.WalletFen != hold.Amounts.HeldFen)
        {
            checks.TransferOutcomes.Violate($"{Name(answer)}: {hold.Amounts.HeldFen} fen were held, {answer.Amounts.WalletFen} received.");
        }

        // The rule decides by the payee's clock whether a receipt is in time, so the audit may do so too.
        if (answer.At >= terms.ExpiresAt)
        {
            checks.TransferOutcomes.Violate($"{Name(answer)}: received {answer.At:O}, but it had expired {terms.ExpiresAt:O}.");
        }

        if (answer.Detail is not ReceiveTerms received || received.Payer != hold.Account || received.PayerRegion != terms.PayerRegion)
        {
            checks.TransferOutcomes.Violate($"{Name(answer)}: held by {hold.Account} in {terms.PayerRegion}, the receipt says {AuditWords.Of(answer.Detail)}.");
        }
    }

    private void CheckOutcome(Entry hold, Entry outcome)
    {
        if (outcome.Account != hold.Account)
        {
            checks.TransferOutcomes.Violate($"{Name(outcome)}: held on {hold.Account}, ended on {outcome.Account}.");
        }

        if (outcome.Amounts.HeldFen != unchecked(-hold.Amounts.HeldFen)
            || (outcome.Kind == EntryKind.Void && EntryShape.SourceOf(outcome) != EntryShape.SourceOf(hold)))
        {
            checks.TransferOutcomes.Violate($"{Name(outcome)}: {EntryShape.Text(hold.Amounts)} were held, the outcome has {EntryShape.Text(outcome.Amounts)}.");
        }

        bool agrees = (outcome.Kind, _answer?.Kind) switch
        {
            (EntryKind.Post, EntryKind.Receive) => true,
            (EntryKind.Void, EntryKind.Decline) => (outcome.Detail as EndTerms)?.Reason == (_answer!.Detail as EndTerms)?.Reason,
            _ => false,
        };
        if (!agrees)
        {
            checks.TransferOutcomes.Violate(
                $"{Name(outcome)}: a {AuditWords.WithReason(outcome)} does not follow from the answer, which is {(_answer is null ? "missing" : AuditWords.WithReason(_answer))}.");
        }
    }

    private static string Name(Entry entry) => $"transfer {entry.Operation}, account {entry.Account}/{entry.Version}";
}
