namespace Gongji.Ledger.Tests;

/// <content>
/// Relations, payments, refunds and corrections. The model only follows these entries and each quota. Whether they were right is otherwise checked by the
/// auditors after each sequence, and by the model's own sums after each entry.
/// </content>
internal sealed partial class ScenarioRun
{
    private const int PaymentIds = 100_000;
    private const int RefundIds = 200_000;
    private const int CorrectionIds = 300_000;

    private static readonly IReadOnlyList<PaymentSource>?[] Sources =
        [null, [PaymentSource.Relatives], [PaymentSource.Wallet, PaymentSource.Relatives, PaymentSource.Personal], [PaymentSource.Relatives, PaymentSource.Personal]];

    private int _steps;

    private void DoFamily(Step step, string person, string other)
    {
        _steps++;
        switch (step.Kind)
        {
            case StepKind.CloseWallet:
                Follow(step, Ledger.CloseWallet(person));
                break;
            case StepKind.Correct:
                Guid credit = Ledger.Entries.FindLast(entry => entry.Kind == EntryKind.Credit && entry.Account == person)?.Operation ?? Given.Id(0);
                long byFen = step.Choice % 2 == 0 ? step.AmountFen : -step.AmountFen;
                Follow(step, Ledger.Correct(person, Given.Id(CorrectionIds + _steps), credit, byFen));
                break;
            case StepKind.Propose:
                // Half of these steps change the quota of an existing relation.
                GivenRelation? given = step.Choice % 2 == 0 ? Ledger.Person(person).Given.Values.FirstOrDefault() : null;
                Follow(step, Ledger.Propose(person, given?.Recipient ?? other, given?.Kinship ?? (Kinship)(step.Choice % 3), step.Choice % 5 == 0 ? null : step.AmountFen));
                break;
            case StepKind.Consent:
                // Consents to an existing proposal, so that there are relations to draw on.
                string giver = Ledger.Persons.FirstOrDefault(state => state.Given.TryGetValue(person, out GivenRelation? relation) && !relation.IsConsented)?.Person ?? other;
                Follow(step, Ledger.Join(person, giver));
                Follow(step, Ledger.Consent(giver, person));
                break;
            case StepKind.Dissolve:
                Follow(step, Ledger.Dissolve(person, Ledger.Person(person).Given.Keys.FirstOrDefault() ?? other));
                break;
            case StepKind.Renew:
                // A relation that was drawn on recently is replaced by a new one between the same two, of which nearly as much is drawn at once.
                if (Ledger.Entries.FindLast(entry => entry is { Kind: EntryKind.DrawHeld, Amounts.QuotaFen: < 0 }) is { } drawn)
                {
                    Renew(step, drawn.Account, ((DrawTerms)drawn.Detail!).Payer, -drawn.Amounts.QuotaFen + step.Choice);
                }

                break;
            case StepKind.Leave:
                Follow(step, Ledger.Leave(person, Ledger.Person(person).Givers.Count > 0 ? Ledger.Person(person).Givers[0] : other));
                break;
            case StepKind.Order:
                // Some givers in reverse order, occasionally with a person who is no giver.
                Follow(step, Ledger.Order(person, [.. Ledger.Person(person).Givers.Reverse().Take(step.Choice % 4), .. step.Choice > 90 ? [other] : Array.Empty<string>()]));
                break;
            case StepKind.TellLeaving:
                foreach (PersonState state in Ledger.Persons.Where(state => state.LeavingIn is not null).ToArray())
                {
                    Follow(step, Ledger.TellLeaving(state.Person));
                }

                break;
            default:
                DoPayment(step, person, other);
                break;
        }
    }

    private void Renew(Step step, string giver, string recipient, long quotaFen)
    {
        Follow(step, Ledger.Dissolve(giver, recipient));
        Follow(step, Ledger.Leave(recipient, giver));
        Follow(step, Ledger.Propose(giver, recipient, Kinship.Spouse, quotaFen));
        Follow(step, Ledger.Join(recipient, giver));
        Follow(step, Ledger.Consent(giver, recipient));
        Guid id = Given.Id(PaymentIds + 80_000 + _steps);
        Follow(step, Ledger.OpenPayment(new(id, recipient, Family.Hospital, PaymentPurpose.Hospital, recipient, null, quotaFen, [PaymentSource.Relatives], false)));
        Follow(step, Ledger.GoOn(id, abandon: false));
    }

    private void DoPayment(Step step, string person, string other)
    {
        Guid id = Given.Id(PaymentIds + step.Id);
        Guid attempt = Newer(step, Ledger.Attempts, id);
        switch (step.Kind)
        {
            case StepKind.Pay:
                PaymentPurpose purpose = step.Choice % 3 == 0 ? PaymentPurpose.Pharmacy : PaymentPurpose.Hospital;
                Follow(step, Ledger.OpenPayment(new(id, person, Family.Hospital, purpose, person, null, 10L * step.AmountFen, Sources[step.Choice % Sources.Length], step.Choice % 4 == 0)));
                break;
            case StepKind.Contribute:
                string beneficiary = step.Choice % 3 == 0 ? person : Ledger.Person(person).Given.Keys.FirstOrDefault() ?? other;
                ContributionYear contribution = new((Scheme)(1 + step.Choice % 2), 2026 + step.Id % 4);
                Follow(step, Ledger.OpenPayment(new(Given.Id(PaymentIds + 50_000 + step.Id), person, null, PaymentPurpose.Contribution, beneficiary, contribution, step.AmountFen, null, false)));
                break;
            case StepKind.GoOn:
                attempt = Newer(step, [.. Ledger.Attempts.Where(one => Ledger.Payment(one) is { IsDone: false })], attempt);
                for (int leg = 0; leg <= step.Choice % 4; leg++)
                {
                    Follow(step, Ledger.GoOn(attempt, abandon: leg > 0 && step.Choice >= 80));
                }

                break;
            case StepKind.Refund:
                // Usually a payment that involves others.
                attempt = step.Choice < 70 ? Newer(step, [.. Ledger.Attempts.Where(one => Ledger.Payment(one) is { IsMade: true, Parties.Count: > 0 })], attempt) : attempt;
                long wholeFen = Ledger.Payment(attempt) is { } payment ? PaymentParts.TotalFen(payment.Terms.Parts) : 1;
                Follow(step, Ledger.Refund(Given.Id(RefundIds + _steps), attempt, step.Choice % 2 == 0 && wholeFen > 0 ? wholeFen : step.AmountFen));
                break;
            case StepKind.GoOnRefund:
                Guid refund = Newer(step, [.. Ledger.Refunds.Where(one => Ledger.RefundOf(one) is { IsDone: false })], id);
                Follow(step, Ledger.GoOnRefund(refund));
                break;
            default:
                break;
        }
    }

    private static Guid Newer(Step step, List<Guid> ids, Guid none) => ids.Count == 0 ? none : ids[^(1 + step.Id % Math.Min(ids.Count, Newest))];

    private void Follow(Step step, LedgerAnswer answer)
    {
        if (answer.Entry is { } entry)
        {
            _model.Follow(entry, Ledger);
        }

        Take(step, answer);
    }
}
