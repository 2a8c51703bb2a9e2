using System.Runtime.CompilerServices;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What accounts paid to one institution on some days.</summary>
public static class InstitutionDays
{
    /// <summary>
    /// Payments, and refunds of payments as negative amounts, that count on these days; amounts in fen. Constant memory: the store sorts, on disk if need
    /// be.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async IAsyncEnumerable<(Guid Payment, long Fen, bool IsPayment)> ReadAsync(
        ILedgerStore store, string institution, DateOnly first, DateOnly last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ILedgerScan scan = await store.OpenScanAsync(cancellationToken).ConfigureAwait(false);
        await using (scan.ConfigureAwait(false))
        {
            (DateTimeOffset from, _) = Movement.TimesOf(first);
            (_, DateTimeOffset until) = Movement.TimesOf(last);
            await foreach ((Entry entry, DateOnly openDay) in scan.NamingAsync(institution, from, until, cancellationToken).ConfigureAwait(false))
            {
                DateOnly day = ClearingDays.DayOf(entry.At, openDay);
                if (day < first || day > last)
                {
                    continue;
                }

                switch (entry)
                {
                    case { Kind: EntryKind.Paid or EntryKind.PaymentMade, Detail: PaymentTerms terms } when terms.Institution == institution:
                        yield return (terms.Payment, PaymentParts.TotalFen(terms.Parts), true);
                        break;
                    case { Kind: EntryKind.Refunded or EntryKind.RefundOpened, Detail: RefundTerms terms } when terms.Institution == institution:
                        yield return (terms.Payment, -terms.AmountFen, false);
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
