using System.Globalization;

namespace Gongji.Ledger;

/// <summary>Confirms that a region has paid a part of what it owes another for a closed day; the amount in fen.</summary>
public sealed record SettlementOrder(Guid Id, DateOnly Day, RegionCode From, RegionCode To, long AmountFen);

/// <summary>Raises a region's prepayment; the amount in fen.</summary>
public sealed record TopUpOrder(Guid Id, RegionCode Region, long AmountFen);

/// <summary>The rules of the clearing (2022 cross-province procedure; gross by the notice of January 2026).</summary>
public static class ClearingRules
{
    /// <summary>The first day that is not closed.</summary>
    public static DateOnly OpenDayOf(ClearingAccount days) => ClearingDays.OpenAfter(ClearingDays.First, days.Entries);

    /// <summary>How a day is settled: the setting at the time when it was closed; null while it is open.</summary>
    public static ClearingBasis? BasisOf(ClearingAccount days, DateOnly day) => days.Details<DayClosing>().FirstOrDefault(closing => closing.Day >= day)?.Basis;

    /// <summary>Closes a day and all days before it, for good; nothing to do when it is already closed.</summary>
    public static Decision Close(ClearingAccount days, DateOnly day, ClearingBasis basis, DateTimeOffset now)
    {
        if (day < OpenDayOf(days))
        {
            return Decision.Nothing;
        }

        DateOnly today = BusinessTime.DayOf(now);
        return day > today
            ? Decision.Refused(RefusalCode.WrongState, Text($"{day:yyyy-MM-dd} has not begun: it is {today:yyyy-MM-dd}."))
            : Decision.Append(days.Next(EntryKind.DayClosed, null, now, new DayClosing(day, basis)));
    }

    /// <summary>What is still to be paid for a closed day, in fen.</summary>
    public static long OutstandingFen(ClearingAccount settlements, ClearingTable owed, ClearingBasis basis, RegionCode from, RegionCode to) =>
        owed.OwedFen(from, to, basis) - settlements.Details<SettlementTerms>().Where(part => part.From == from && part.To == to).Sum(part => part.AmountFen);

    /// <summary>Confirms that a part was paid, never more than is outstanding.</summary>
    /// <param name="settlements">The day's account.</param>
    /// <param name="basis">How the day is settled; null while it is open.</param>
    /// <param name="owed">The day's figures.</param>
    /// <param name="order">What is confirmed.</param>
    /// <param name="now">The time.</param>
    public static Decision Settle(ClearingAccount settlements, ClearingBasis? basis, ClearingTable owed, SettlementOrder order, DateTimeOffset now)
    {
        if (basis is not { } known)
        {
            return Decision.Refused(RefusalCode.WrongState, Text($"{order.Day:yyyy-MM-dd} is not closed: its figures may still change."));
        }

        long leftFen = OutstandingFen(settlements, owed, known, order.From, order.To);
        if (leftFen <= 0)
        {
            return Decision.Refused(RefusalCode.ClearingClosed, Text($"{order.From} owes {order.To} nothing more for {order.Day:yyyy-MM-dd}."));
        }

        return order.AmountFen > leftFen
            ? Decision.Refused(RefusalCode.AmountOverLimit, Text($"{order.From} owes {order.To} {leftFen} fen more for {order.Day:yyyy-MM-dd}, not {order.AmountFen}."))
            : Decision.Append(settlements.Next(
                EntryKind.SettlementConfirmed, order.Id, now, new SettlementTerms(order.Day, order.From, order.To, order.AmountFen)));
    }

    /// <summary>Signs a complete month for a province in its table; nothing to do when the province has already signed.</summary>
    public static Decision Sign(ClearingAccount signatures, Statement statement, int province, DateTimeOffset now)
    {
        if (statement.SignedBy(province) is not null)
        {
            return Decision.Nothing;
        }

        if (!statement.IsComplete)
        {
            return Decision.Refused(RefusalCode.WrongState, Text($"A day of {statement.Month} is not closed yet: the statement may still change."));
        }

        return statement.Provinces.Contains(province)
            ? Decision.Append(signatures.Next(EntryKind.StatementSigned, null, now, new StatementSignature(statement.Month, province)))
            : Decision.Refused(RefusalCode.WrongState, Text($"Province {province} is not in the statement of {statement.Month}: there is nothing for it to sign."));
    }

    /// <summary>Raises a region's prepayment, which is the cap on what it may owe others net.</summary>
    /// <param name="topUps">The region's account.</param>
    /// <param name="order">The amount of the raise.</param>
    /// <param name="capFen">The current cap in fen, including all top-ups so far; null for none.</param>
    /// <param name="now">The time.</param>
    public static Decision TopUp(ClearingAccount topUps, TopUpOrder order, long? capFen, DateTimeOffset now)
    {
        if (capFen is not { } cap)
        {
            return Decision.Refused(RefusalCode.WrongState, Text($"Region {order.Region} has no cap, so no prepayment that could be raised."));
        }

        return order.AmountFen > Limits.BalanceFenMax - cap
            ? Decision.Refused(RefusalCode.AmountOverLimit, Text($"A prepayment is at most {Limits.BalanceFenMax} fen; {cap} are lodged."))
            : Decision.Append(topUps.Next(EntryKind.ToppedUp, order.Id, now, new TopUpTerms(order.Region, order.AmountFen)));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
