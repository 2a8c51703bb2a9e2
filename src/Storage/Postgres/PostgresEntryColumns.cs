using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>The rows of a batch's entries, column by column. An entry that ends what the one before it on its account opened has no row of its own.</summary>
internal sealed class PostgresEntryColumns
{
    /// <param name="entries">The entries of a batch.</param>
    /// <param name="outcomes">See <see cref="PostgresOutcome.InRows"/>.</param>
    public PostgresEntryColumns(IReadOnlyList<EncodedEntry> entries, int[] outcomes)
    {
        int count = outcomes.Count(outcome => outcome >= 0);
        Versions = new long[count];
        Times = new long[count];
        Positions = new int[count];
        Legs = new short[count];
        Kinds = new short[count];
        Operations = new Guid[count];
        Accounts = new string[count];
        Details = new byte[]?[count];
        Outcomes = new byte[]?[count];
        Amounts = new long[8][];
        for (int column = 0; column < Amounts.Length; column++)
        {
            Amounts[column] = new long[count];
        }

        int row = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] >= 0)
            {
                Put(row, entries[i], i);
                Outcomes[row] = outcomes[i] is > 0 and int end ? PostgresOutcome.Encode(entries[end], end) : null;
                row++;
            }
        }
    }

    public long[] Versions { get; }

    /// <summary>Changes of the four pockets, then balances of the four pockets.</summary>
    public long[][] Amounts { get; }

    public long[] Times { get; }

    /// <summary>In the batch.</summary>
    public int[] Positions { get; }

    public short[] Legs { get; }

    public short[] Kinds { get; }

    public Guid[] Operations { get; }

    public string[] Accounts { get; }

    public byte[]?[] Details { get; }

    public byte[]?[] Outcomes { get; }

    private void Put(int row, EncodedEntry encoded, int position)
    {
        (Entry entry, Details[row]) = encoded;
        Versions[row] = entry.Version;
        Times[row] = entry.At.ToUnixTimeMilliseconds();
        Positions[row] = position;
        Legs[row] = (short)entry.Leg;
        Kinds[row] = (short)entry.Kind;
        Operations[row] = entry.Operation;
        Accounts[row] = entry.Account;
        Put(row, 0, entry.Amounts);
        Put(row, 4, entry.Balances);
    }

    private void Put(int row, int column, Amounts amounts)
    {
        Amounts[column][row] = amounts.PersonalFen;
        Amounts[column + 1][row] = amounts.WalletFen;
        Amounts[column + 2][row] = amounts.HeldFen;
        Amounts[column + 3][row] = amounts.QuotaFen;
    }
}
