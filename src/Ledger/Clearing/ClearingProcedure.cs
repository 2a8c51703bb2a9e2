using System.Globalization;

namespace Gongji.Ledger;

/// <summary>
/// The figures of the procedure (2022 cross-province procedure, from memory, so all of them are settings). Days are days of the month after the
/// statement's month; a day that this month does not have means its last day.
/// </summary>
public sealed record ClearingProcedure
{
    private const int DayMax = 31;
    private const int MonthsMax = 60;

    /// <summary>"The previous month is complete by the 3rd."</summary>
    public int CompleteBy { get; init; } = 3;

    /// <summary>"The national table is made on the 21st."</summary>
    public int TableOn { get; init; } = 21;

    /// <summary>"Provinces sign by the 25th."</summary>
    public int SignBy { get; init; } = 25;

    /// <summary>"Payable and receivable notices go out in pairs by month end."</summary>
    public int NoticesBy { get; init; } = DayMax;

    /// <summary>"Paid within 10 working days": Monday to Friday, counted from the day when notices are due. Public holidays are not taken into account (assumed).</summary>
    public int PaidWithin { get; init; } = 10;

    /// <summary>"Late items carry to the next period, at most two months": what was not paid in time must be paid this many months later (assumed).</summary>
    public int LateMonths { get; init; } = 2;

    /// <summary>"Prepayment = two months of the average clearing amount."</summary>
    public int PrepaymentMonths { get; init; } = 2;

    /// <summary>The average covers at most this many complete months (assumed).</summary>
    public int AverageMonths { get; init; } = 12;

    /// <summary>Reads settings like <c>complete=3,sign=25</c>; settings that are not named keep their values.</summary>
    /// <param name="text">The settings.</param>
    /// <param name="procedure">The resulting procedure.</param>
    /// <param name="wrong">The part that cannot be read, and why; null when all can.</param>
    public static bool TryParse(string text, out ClearingProcedure procedure, out string? wrong)
    {
        (procedure, wrong) = (new ClearingProcedure(), null);
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=');
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || procedure.With(pair[0], value) is not { } changed)
            {
                wrong = $"'{part}' is not one of complete, table, sign, notices (a day, 1 to {DayMax}), paid (working days, 0 to {MonthsMax}), late, prepayment, average (months, 1 to {MonthsMax})";
                return false;
            }

            procedure = changed;
        }

        return true;
    }

    /// <summary>The dates of a month's statement, and what is overdue.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="outstandingFen">What is still to be paid for its days between provinces, in fen.</param>
    /// <param name="today">The business day.</param>
    public IReadOnlyList<ClearingDeadline> DeadlinesOf(Statement statement, long outstandingFen, DateOnly today)
    {
        DateOnly next = Statement.FirstDayOf(statement.Month).AddMonths(1);
        DateOnly notices = DayOf(next, NoticesBy);
        DateOnly paid = AddWorkingDays(notices, PaidWithin);
        bool isPaid = statement.IsComplete && outstandingFen == 0;
        return
        [
            Due(ClearingStep.Complete, DayOf(next, CompleteBy), statement.IsComplete),
            Due(ClearingStep.Table, DayOf(next, TableOn), statement.IsComplete),
            Due(ClearingStep.Signatures, DayOf(next, SignBy), statement.IsSigned),
            Due(ClearingStep.Notices, notices, statement.IsSigned),
            Due(ClearingStep.Paid, paid, isPaid),
            Due(ClearingStep.Late, paid.AddMonths(LateMonths), isPaid),
        ];

        ClearingDeadline Due(ClearingStep step, DateOnly by, bool isDone) => new(step, by, isDone, !isDone && today > by);
    }

    /// <summary>The prepayment proposed for a region from what it cleared in some months, in fen, rounded up.</summary>
    /// <exception cref="OverflowException">The amounts are too large to add up.</exception>
    public long PrepaymentFen(long clearedFen, int months) => checked((clearedFen * PrepaymentMonths + months - 1) / months);

    private ClearingProcedure? With(string name, int value) => (name, value) switch
    {
        ("complete", >= 1 and <= DayMax) => this with { CompleteBy = value },
        ("table", >= 1 and <= DayMax) => this with { TableOn = value },
        ("sign", >= 1 and <= DayMax) => this with { SignBy = value },
        ("notices", >= 1 and <= DayMax) => this with { NoticesBy = value },
        ("paid", >= 0 and <= MonthsMax) => this with { PaidWithin = value },
        ("late", >= 1 and <= MonthsMax) => this with { LateMonths = value },
        ("prepayment", >= 1 and <= MonthsMax) => this with { PrepaymentMonths = value },
        ("average", >= 1 and <= MonthsMax) => this with { AverageMonths = value },
        _ => null,
    };

    private static DateOnly DayOf(DateOnly firstOfMonth, int day) =>
        firstOfMonth.AddDays(Math.Min(day, DateTime.DaysInMonth(firstOfMonth.Year, firstOfMonth.Month)) - 1);

    private static DateOnly AddWorkingDays(DateOnly day, int count)
    {
        while (count > 0)
        {
            day = day.AddDays(1);
            count -= day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 1;
        }

        return day;
    }
}

/// <summary>A step of the procedure.</summary>
public enum ClearingStep : short
{
    /// <summary>Every day of the month is closed.</summary>
    Complete = 1,

    /// <summary>The national table can be made.</summary>
    Table = 2,

    /// <summary>Every province in it has signed.</summary>
    Signatures = 3,

    /// <summary>The notices are out.</summary>
    Notices = 4,

    /// <summary>Everything is paid.</summary>
    Paid = 5,

    /// <summary>What was carried over is paid too.</summary>
    Late = 6,
}

/// <summary>When a step is due.</summary>
/// <param name="Step">The step.</param>
/// <param name="By">The last day for it.</param>
/// <param name="IsDone">Whether it is done.</param>
/// <param name="IsOverdue">Whether it is not done although the day is past.</param>
public readonly record struct ClearingDeadline(ClearingStep Step, DateOnly By, bool IsDone, bool IsOverdue);

/// <summary>The names of steps in the contract.</summary>
public static class ClearingSteps
{
    public static string ToText(ClearingStep step) => step switch
    {
        ClearingStep.Complete => "complete",
        ClearingStep.Table => "table",
        ClearingStep.Signatures => "signed",
        ClearingStep.Notices => "notices",
        ClearingStep.Paid => "paid",
        ClearingStep.Late => "late",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
