using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class HashChainTests
{
    private static readonly byte[] Previous = HashChain.Genesis(1);

    private static readonly Entry Entry = new()
    {
        Account = "daughter",
        Version = 7,
        Operation = Id(1),
        Leg = Leg.Opening,
        Kind = EntryKind.Hold,
        Amounts = new(-1, 2, 3, 4),
        Balances = new(5, 6, 7, 8),
        At = Noon,
    };

    /// <summary>A change of every single field of an entry.</summary>
    public static TheoryData<string> Changes => [.. Changed.Keys];

    private static readonly Dictionary<string, Entry> Changed = new()
    {
        ["account"] = Entry with { Account = "Daughter" },
        ["account length"] = Entry with { Account = "daughte" },
        ["version"] = Entry with { Version = 8 },
        ["operation"] = Entry with { Operation = Id(2) },
        ["leg"] = Entry with { Leg = Leg.Answer },
        ["kind"] = Entry with { Kind = EntryKind.Void },
        ["personal amount"] = Entry with { Amounts = Entry.Amounts with { PersonalFen = -2 } },
        ["wallet amount"] = Entry with { Amounts = Entry.Amounts with { WalletFen = 3 } },
        ["held amount"] = Entry with { Amounts = Entry.Amounts with { HeldFen = 4 } },
        ["quota amount"] = Entry with { Amounts = Entry.Amounts with { QuotaFen = 5 } },
        ["personal balance"] = Entry with { Balances = Entry.Balances with { PersonalFen = 6 } },
        ["wallet balance"] = Entry with { Balances = Entry.Balances with { WalletFen = 7 } },
        ["held balance"] = Entry with { Balances = Entry.Balances with { HeldFen = 8 } },
        ["quota balance"] = Entry with { Balances = Entry.Balances with { QuotaFen = 9 } },
        ["at"] = Entry with { At = Noon.AddMilliseconds(1) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Hash_changes_with_each_field(string field) =>
        Assert.NotEqual(Hash((Entry, [1])), Hash((Changed[field], [1])));

    [Fact]
    public void Hash_changes_with_the_detail()
    {
        byte[][] hashes = [Hash((Entry, null)), Hash((Entry, [])), Hash((Entry, [1])), Hash((Entry, [2])), Hash((Entry, [1, 1]))];
        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Hash_changes_with_the_previous_hash_and_the_chain()
    {
        Assert.NotEqual(HashChain.Next(Previous, [(Entry, null)]), HashChain.Next(HashChain.Genesis(2), [(Entry, null)]));
        Assert.NotEqual(HashChain.Genesis(1), HashChain.Genesis(2));
    }

    [Fact]
    public void Hash_changes_with_the_order_and_number_of_entries()
    {
        (Entry, byte[]?) one = (Entry, [1]);
        (Entry, byte[]?) two = (Entry with { Version = 8 }, [2]);
        byte[][] hashes = [Hash(), Hash(one), Hash(one, two), Hash(two, one), Hash(one, one)];
        Assert.Equal(hashes.Length, hashes.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Hash_of_the_same_is_the_same_whatever_the_offset_of_its_time() =>
        Assert.Equal(Hash((Entry, [1])), Hash((Entry with { At = Noon.ToUniversalTime() }, [1])));

    /// <summary>Stores contain hashes computed this way: a change here breaks every existing chain. The expected values were computed independently, in Python.</summary>
    [Fact]
    public void Hash_of_a_known_batch_never_changes()
    {
        Assert.Equal("b787388b6b6505946f8a19866a495cb9c84b8db812d456e67a74dfde39f29677", Convert.ToHexStringLower(Previous));
        Assert.Equal("ab6bae1c46e5278d34e3dcb47549502906d0ec2c8414e9084dbf2af4ffa67924", Convert.ToHexStringLower(Hash((Entry, [1, 2, 3]), (Entry with { Version = 8, Detail = null }, null))));
    }

    [Fact]
    public void Hash_does_not_depend_on_how_entries_fill_the_buffer()
    {
        byte[] large = new byte[20_000];
        (Entry, byte[]?)[] many = [.. Enumerable.Range(0, 300).Select(number => (Entry with { Version = number }, (byte[]?)new byte[number % 97])), (Entry, large)];
        byte[] whole = HashChain.Next(Previous, many);
        large[19_999] = 1;
        Assert.NotEqual(whole, HashChain.Next(Previous, many));
        large[19_999] = 0;
        Assert.Equal(whole, HashChain.Next(Previous, many));
    }

    [Fact]
    public void BatchId_orders_by_chain_then_sequence()
    {
        Assert.True(HashChain.BatchId(1, uint.MaxValue) < HashChain.BatchId(2, 1));
        Assert.True(HashChain.BatchId(1, 1) < HashChain.BatchId(1, 2));
    }

    [Fact]
    public void BatchId_is_of_no_other_chain()
    {
        Assert.Equal(HashChain.BatchId(2, 0), HashChain.BatchId(1, uint.MaxValue) + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => HashChain.BatchId(1, 1L + uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashChain.BatchId(1, -1));
    }

    private static byte[] Hash(params (Entry, byte[]?)[] entries) => HashChain.Next(Previous, entries);
}
