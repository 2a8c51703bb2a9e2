using System.Text;
using System.Text.Json;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class EntryDetailCodecTests
{
    private static readonly AppliedLimits Under = new(200_000, 3, 1_320, 360, Kinships.Near, LiveTiers.All);

    /// <summary>Each detail with its stored form: hashes were made over these bytes, so they may never change.</summary>
    public static TheoryData<EntryKind, string, string> Stored => new()
    {
        { EntryKind.Registered, "registration", """{"region":320500,"insurance":1,"status":1}""" },
        { EntryKind.InsuranceChanged, "registration", """{"region":320500,"insurance":1,"status":1}""" },
        { EntryKind.Moved, "move", """{"region":410100,"insurance":2,"status":2,"from":320500}""" },
        { EntryKind.WalletOpened, "wallet", """{"place":410100,"auto":true}""" },
        { EntryKind.WalletChanged, "wallet-by", """{"place":410100,"auto":false,"by":"son"}""" },
        { EntryKind.Credit, "credit", """{"region":320500,"period":"2026-03"}""" },
        { EntryKind.Hold, "hold", """{"payee":"father","kin":1,"from":320500,"to":410100,"expires":1772488800000,"auto":false,"under":{"max":200000,"day":3,"cf":1320,"cu":360,"kin":63,"live":14}}""" },
        { EntryKind.Receive, "receive", """{"payer":"daughter","from":320500,"to":410100}""" },
        { EntryKind.Decline, "end", """{"reason":2}""" },
        { EntryKind.Void, "end", """{"reason":2}""" },
        { EntryKind.DayClosed, "closing", """{"day":"2026-03-02","basis":2}""" },
        { EntryKind.SettlementConfirmed, "settlement", """{"day":"2026-03-02","from":320500,"to":410100,"fen":7}""" },
        { EntryKind.StatementSigned, "signature", """{"month":"2026-03","province":32}""" },
        { EntryKind.ToppedUp, "top-up", """{"region":320500,"fen":7}""" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Detail_has_exactly_its_stored_form(EntryKind kind, string name, string stored)
    {
        EntryDetail detail = Detail(name);
        Assert.Equal(stored, Encoding.UTF8.GetString(EntryDetailCodec.Encode(detail)!));
        Assert.Equal(detail, EntryDetailCodec.Decode(kind, Encoding.UTF8.GetBytes(stored)));
    }

    [Fact]
    public void No_detail_is_no_bytes()
    {
        Assert.Null(EntryDetailCodec.Encode(null));
        Assert.Null(EntryDetailCodec.Decode(EntryKind.Post, []));
    }

    [Theory]
    [InlineData(EntryKind.Post, """{"reason":1}""")]
    [InlineData(EntryKind.Hold, "{}")]
    [InlineData(EntryKind.Hold, "[1]")]
    [InlineData(EntryKind.Credit, """{"region":320500}""")]
    [InlineData(EntryKind.Credit, """{"region":320500,"period":null}""")]
    [InlineData(EntryKind.Credit, """{"region":-1,"period":"2026-03"}""")]
    [InlineData(EntryKind.Credit, """{"region":99999999999,"period":"2026-03"}""")]
    [InlineData(EntryKind.Receive, """{"payer":"x","from":"320500","to":410100}""")]
    [InlineData(EntryKind.Void, """{"reason":2""")]
    [InlineData(EntryKind.Hold, """{"payee":"f","kin":1,"from":1,"to":1,"expires":9223372036854775807,"auto":false,"under":{"max":1,"day":1,"cf":1,"cu":1,"kin":1,"live":1}}""")]
    public void Damaged_detail_is_a_json_error(EntryKind kind, string stored) =>
        Assert.ThrowsAny<JsonException>(() => EntryDetailCodec.Decode(kind, Encoding.UTF8.GetBytes(stored)));

    private static EntryDetail Detail(string name) => name switch
    {
        "registration" => new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Active),
        "move" => new Registration(Zhengzhou, Insurance.Resident, InsuranceStatus.Stopped, Suzhou),
        "wallet" => new WalletTerms(Zhengzhou, true),
        "wallet-by" => new WalletTerms(Zhengzhou, false, "son"),
        "credit" => new CreditTerms(Suzhou, "2026-03"),
        "hold" => new HoldTerms("father", Kinship.Parent, Suzhou, Zhengzhou, At("2026-03-03 06:00:00"), false, Under),
        "closing" => new DayClosing(new DateOnly(2026, 3, 2), ClearingBasis.Net),
        "settlement" => new SettlementTerms(new DateOnly(2026, 3, 2), Suzhou, Zhengzhou, 7),
        "signature" => new StatementSignature("2026-03", 32),
        "top-up" => new TopUpTerms(Suzhou, 7),
        "receive" => new ReceiveTerms("daughter", Suzhou, Zhengzhou),
        _ => new EndTerms(EndReason.Rejected),
    };
}
