using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Which rows the entries of a batch are stored in.</summary>
internal sealed class PostgresRowPlan
{
    private readonly int[] _outcomes;
    private readonly int[] _answers;
    private readonly bool[] _areAlong;

    /// <param name="entries">The entries of a batch.</param>
    /// <param name="holds">What they open and end.</param>
    public PostgresRowPlan(IReadOnlyList<EncodedEntry> entries, in BatchHolds holds)
    {
        (_outcomes, _answers, _areAlong) = (new int[entries.Count], holds.AnsweredBy, new bool[entries.Count]);
        Rows = entries.Count;
        for (int i = 0; i < entries.Count; i++)
        {
            if (holds.EndedBy[i] is > 0 and int end && PostgresOutcome.Fits(entries[i], entries[end]))
            {
                (_outcomes[i], _outcomes[end]) = (end, -1);
                Rows--;
            }

            if (_answers[i] > 0)
            {
                _areAlong[_answers[i]] = true;
            }
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Whether the entry at a position has its own row. An entry that ends the entry before it on the account may be stored in that entry's row instead.</summary>
    public bool HasRow(int position) => _outcomes[position] >= 0;

    /// <summary>The position of the outcome that is in this entry's row too; 0 for none.</summary>
    public int OutcomeIn(int position) => _outcomes[position];

    /// <summary>For the opening of a transfer: the position of its answer, whose row is found through this one; 0 when it is not in the batch.</summary>
    public int AnswerOf(int position) => _answers[position];

    /// <summary>Whether the entry is such an answer: the opening's key stands for the answer's key too, since one batch writes both.</summary>
    public bool IsAlong(int position) => _areAlong[position];

    /// <summary>Answers to transfers that were opened by other batches.</summary>
    public IEnumerable<int> LateAnswers(IReadOnlyList<EncodedEntry> entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries[i].Entry.Leg == Leg.Answer && !_areAlong[i])
            {
                yield return i;
            }
        }
    }
}
