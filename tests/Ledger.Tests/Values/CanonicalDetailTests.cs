using System.Text;
using System.Text.Json;

namespace Gongji.Ledger.Tests;

/// <summary>The fast and the general reader of details agree: on stored details, on near misses, and on damaged ones.</summary>
public sealed class CanonicalDetailTests
{
    private const int Rounds = 3_000;
    private const string Bytes = "{}[]\":,-+.eE0123456789 \\/tfnu\u00e9\u4e2dabc\t";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_details_read_back_the_same_both_ways(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < Rounds; i++)
        {
            (EntryKind kind, EntryDetail detail) = Detail(random);
            byte[] stored = EntryDetailCodec.Encode(detail)!;
            string text = Encoding.UTF8.GetString(stored);
            Assert.Equal(Encoding.UTF8.GetString(EntryDetailCodec.EncodeAny(detail)), text);
            EntryDetail read = EntryDetailCodec.Decode(kind, stored)!;
            Assert.Equivalent(detail, read, strict: true);
            Assert.True(read.GetType() == detail.GetType(), text);
            Assert.Equal(text, Encoding.UTF8.GetString(EntryDetailCodec.Encode(EntryDetailCodec.DecodeAny(kind, stored))!));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Damaged_details_are_read_or_refused_alike_both_ways(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < Rounds; i++)
        {
            (EntryKind kind, EntryDetail detail) = Detail(random);
            List<byte> stored = [.. EntryDetailCodec.Encode(detail)!];
            for (int changes = random.Next(3); changes >= 0; changes--)
            {
                Damage(stored, random);
            }

            byte[] damaged = [.. stored];
            Assert.Equal(
                Outcome(() => damaged.Length == 0 ? null : EntryDetailCodec.DecodeAny(kind, damaged)),
                Outcome(() => EntryDetailCodec.Decode(kind, damaged)));
        }
    }

    [Theory]
    [InlineData(EntryKind.Hold, """{"payee":"father","kin":1,"from":320500,"to":410100,"expires":1772488800000,"auto":false,"under":{"max":200000,"day":3,"cf":1320,"cu":360,"kin":63,"live":14}}""")]
    [InlineData(EntryKind.Receive, """{"payer":"daughter","from":320500,"to":410100}""")]
    [InlineData(EntryKind.Credit, """{"region":320500,"period":"2026-03"}""")]
    [InlineData(EntryKind.WalletOpened, """{"place":410100,"auto":true}""")]
    [InlineData(EntryKind.Registered, """{"region":320500,"insurance":1,"status":1}""")]
    [InlineData(EntryKind.Paid, """{"id":"00000001-6f6e-676a-8069-000000000001","at":"H1","bill":{"for":1,"who":"father","region":410100},"fen":100,"cash":7,"parts":[{"who":"father","pocket":2,"fen":40,"region":410100},{"who":"daughter","pocket":3,"fen":53,"region":320500}],"sources":null,"allow":true}""")]
    [InlineData(EntryKind.DrawHeld, """{"payer":"father","bill":{"for":2,"who":"father","region":410100},"region":320500}""")]
    public void Details_a_ledger_is_full_of_are_read_the_fast_way(EntryKind kind, string stored)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(stored);
        EntryDetail? read = CanonicalDetail.Read(kind, utf8);
        Assert.Equal(stored, Encoding.UTF8.GetString(EntryDetailCodec.Encode(read)!));
        Assert.Equivalent(EntryDetailCodec.DecodeAny(kind, utf8), read, strict: true);
    }

    /// <summary>The detail that was read, as it would be stored; or the fact that it was refused.</summary>
    private static string Outcome(Func<EntryDetail?> read)
    {
        try
        {
            return read() is { } detail ? $"{detail.GetType().Name} {Encoding.UTF8.GetString(EntryDetailCodec.Encode(detail)!)}" : "nothing";
        }
        catch (JsonException)
        {
            return "refused";
        }
    }

    private static void Damage(List<byte> stored, Random random)
    {
        int at = random.Next(stored.Count);
        byte[] some = Encoding.UTF8.GetBytes(Bytes[random.Next(Bytes.Length)].ToString());
        switch (random.Next(4))
        {
            case 0:
                stored.RemoveAt(at);
                break;
            case 1:
                stored.RemoveRange(at, stored.Count - at);
                break;
            case 2:
                stored.InsertRange(at, some);
                break;
            default:
                stored.RemoveAt(at);
                stored.InsertRange(at, some);
                break;
        }

        if (stored.Count == 0)
        {
            stored.Add((byte)'{');
        }
    }

    private static (EntryKind Kind, EntryDetail Detail) Detail(Random random) => random.Next(8) switch
    {
        0 => (EntryKind.Hold, new HoldTerms(
            Name(random), (Kinship)Short(random), Region(random), Region(random), DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(-5_000_000_000, 250_000_000_000_000)),
            Coin(random), new AppliedLimits(Long(random), random.Next(), Short(random), Short(random), (Kinships)Short(random), (LiveTiers)Short(random)))),
        1 => (EntryKind.Receive, new ReceiveTerms(Name(random), Region(random), Region(random))),
        2 => (EntryKind.Credit, new CreditTerms(Region(random), Name(random))),
        3 => (Coin(random) ? EntryKind.WalletOpened : EntryKind.WalletChanged, new WalletTerms(Region(random), Coin(random), Coin(random) ? Name(random) : null)),
        4 => (EntryKind.Registered, new Registration(
            Region(random), (Insurance)Short(random), (InsuranceStatus)Short(random), Coin(random) ? Region(random) : null, Coin(random) ? [Name(random)] : null)),
        5 => (EntryKind.DrawHeld, new DrawTerms(Name(random), Bill(random), Region(random), Coin(random) ? Long(random) : null)),
        _ => ((EntryKind)random.Next((int)EntryKind.Paid, (int)EntryKind.PaymentMade + 1), new PaymentTerms(
            Guid(random), Coin(random) ? Name(random) : null, Bill(random), Long(random), Long(random),
            [.. Enumerable.Range(0, random.Next(4)).Select(_ => new PaymentPart(Name(random), (Pocket)Short(random), Long(random), Region(random)))],
            Coin(random) ? [PaymentSource.Wallet] : null, Coin(random))),
    };

    private static Bill Bill(Random random) => new(
        (PaymentPurpose)Short(random), Name(random), Region(random), Coin(random) ? new ContributionYear((Scheme)Short(random), random.Next()) : null);

    /// <summary>Usually shaped like an identifier; occasionally with characters that JSON escapes, or beyond ASCII.</summary>
    private static string Name(Random random) => random.Next(6) switch
    {
        0 => "",
        1 => string.Concat(Enumerable.Range(0, 5).Select(_ => (char)random.Next(1, 0x80))),
        2 => "\u7532\"\\<&+\u00e9",
        _ => $"{random.NextInt64(1_000_000_000_000_000_00):D17}X",
    };

    private static Guid Guid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static RegionCode Region(Random random) => RegionCode.FromValue(Coin(random) ? random.Next(1_000_000) : random.Next(10));

    private static short Short(Random random) => (short)(Coin(random) ? random.Next(10) : random.Next(short.MinValue, short.MaxValue + 1));

    private static long Long(Random random) => random.Next(6) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => random.NextInt64(long.MinValue, long.MaxValue),
        3 => 0,
        _ => random.Next(),
    };

    private static bool Coin(Random random) => random.Next(2) == 0;
}
