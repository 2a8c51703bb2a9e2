using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>What a row stores of an entry is read back unchanged, whatever the figures are; anything else is recognised as invalid.</summary>
public sealed class PostgresBodyTests
{
    private static readonly long[] Edges =
        [0, 1, -1, 63, -64, 64, -65, 8_191, -8_192, 8_192, 1_000_000_000, -1_000_000_000, (long)int.MaxValue + 1, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1];

    [Fact]
    public void Amounts_come_back_whatever_they_are()
    {
        Random random = new(1);
        byte[] bytes = new byte[PostgresAmounts.LengthMax + 3];
        for (int i = 0; i < 20_000; i++)
        {
            (Amounts amounts, Amounts balances) = (RandomAmounts(random), RandomAmounts(random));
            int written = PostgresAmounts.Write(bytes, amounts, balances);
            Assert.Equal((amounts, balances, written), (PostgresAmounts.Read(bytes, out Amounts read, out int length), read, length));
        }
    }

    [Fact]
    public void Amounts_with_all_their_bits_are_as_long_as_is_said_and_usual_ones_short()
    {
        byte[] bytes = new byte[PostgresAmounts.LengthMax];
        Amounts longest = new(long.MinValue, long.MaxValue, long.MinValue, long.MaxValue);
        Assert.Equal(PostgresAmounts.LengthMax, PostgresAmounts.Write(bytes, longest, longest));
        Assert.Equal(2, PostgresAmounts.Write(bytes, Amounts.Zero, Amounts.Zero));

        // 100 yuan are held, from a wallet of 1,000,000 yuan.
        Assert.Equal(15, PostgresAmounts.Write(bytes, new(0, -10_000, 10_000, 0), new(0, 99_990_000, 10_000, 0)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Body_comes_back(int seed, bool hasDetail)
    {
        Random random = new(seed);
        for (int i = 0; i < 2_000; i++)
        {
            EncodedEntry encoded = RandomEntry(random, hasDetail);
            byte[] bytes = new byte[PostgresBody.LengthMax(encoded)];
            PostgresBody body = PostgresBody.Read(bytes.AsSpan(0, PostgresBody.Write(bytes, encoded)));
            Assert.Equal((encoded.Entry.Amounts, encoded.Entry.Balances), (body.Amounts, body.Balances));
            Assert.Equal(encoded.Entry.Account, System.Text.Encoding.UTF8.GetString(body.Name));
            Assert.Equal(encoded.Detail, body.HasDetail ? body.Detail.ToArray() : null);
        }
    }

    [Fact]
    public void Outcome_comes_back()
    {
        Random random = new(3);
        foreach (int afterMs in (int[])[0, 1, 255, 256, 32_768, 60_000])
        {
            Entry opener = RandomEntry(random, hasDetail: false).Entry;
            Entry entry = RandomEntry(random, hasDetail: false).Entry with
            {
                Account = opener.Account,
                Version = opener.Version + 1,
                Operation = opener.Operation,
                Leg = Legs.PartOutcome(Legs.PartiesMax - 1),
                Kind = EntryKind.Post,
                At = opener.At.AddMilliseconds(afterMs),
            };
            EncodedEntry outcome = new(entry, null);
            Assert.True(PostgresOutcome.Fits(new EncodedEntry(opener, null), outcome));
            byte[] bytes = new byte[200];
            int length = PostgresOutcome.Write(bytes, opener, outcome, 70_000);
            Assert.Equal((outcome, 70_000), (PostgresOutcome.Decode(opener, bytes.AsSpan(0, length), out int position), position));
        }
    }

    /// <summary>The clock may go back between a hold and its outcome; the outcome then gets its own row.</summary>
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(60_000, true)]
    [InlineData(60_001, false)]
    public void Outcome_fits_when_it_is_at_most_a_minute_later(int afterMs, bool fits)
    {
        Entry opener = RandomEntry(new Random(4), hasDetail: false).Entry;
        Entry outcome = opener with { Version = opener.Version + 1, At = opener.At.AddMilliseconds(afterMs) };
        Assert.Equal(fits, PostgresOutcome.Fits(new EncodedEntry(opener, null), new EncodedEntry(outcome, null)));
    }

    /// <summary>Every prefix of a stored form, and every form with one byte changed, is either read as something or refused with one kind of exception.</summary>
    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_nothing_else()
    {
        Random random = new(5);
        EncodedEntry encoded = RandomEntry(random, hasDetail: true);
        byte[] bytes = new byte[PostgresBody.LengthMax(encoded)];
        bytes = bytes[..PostgresBody.Write(bytes, encoded)];
        int head = bytes.Length - encoded.Detail!.Length;
        for (int length = 0; length < head; length++)
        {
            byte[] part = bytes[..length];
            Assert.Throws<JsonException>(() => PostgresBody.Read(part).HasDetail);
        }

        byte[] outcome = new byte[200];
        Entry next = encoded.Entry with { Version = encoded.Entry.Version + 1, Leg = Leg.Outcome, Kind = EntryKind.Post };
        outcome = outcome[..PostgresOutcome.Write(outcome, encoded.Entry, new EncodedEntry(next, null), 1)];
        for (int length = 0; length < outcome.Length; length++)
        {
            byte[] part = outcome[..length];
            Assert.Throws<JsonException>(() => PostgresOutcome.Decode(encoded.Entry, part, out _));
        }

        for (int i = 0; i < 20_000; i++)
        {
            ReadOrRefuse(Changed(bytes), changed => _ = PostgresBody.Read(changed).HasDetail);
            ReadOrRefuse(Changed(outcome), changed => PostgresOutcome.Decode(encoded.Entry, changed, out _));
        }

        byte[] Changed(byte[] from)
        {
            byte[] changed = [.. from];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            return changed;
        }

        static void ReadOrRefuse(byte[] changed, Action<byte[]> read)
        {
            try
            {
                read(changed);
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                // The exception that the audit expects for what cannot be decoded.
            }
        }
    }

    private static EncodedEntry RandomEntry(Random random, bool hasDetail) => new(
        new Entry
        {
            Account = new string('a', random.Next(1, Limits.PersonIdLengthMax + 1)),
            Version = random.Next(1, 1_000),
            Operation = Book.Id(random.Next()),
            Leg = Leg.Opening,
            Kind = EntryKind.Hold,
            Amounts = RandomAmounts(random),
            Balances = RandomAmounts(random),
            At = Book.Noon.AddMilliseconds(random.Next(100_000)),
        },
        hasDetail ? [.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => (byte)random.Next(256))] : null);

    private static Amounts RandomAmounts(Random random) => new(RandomFen(random), RandomFen(random), RandomFen(random), RandomFen(random));

    private static long RandomFen(Random random) => random.Next(3) switch
    {
        0 => 0,
        1 => Edges[random.Next(Edges.Length)],
        _ => random.NextInt64() >> random.Next(64),
    };
}
