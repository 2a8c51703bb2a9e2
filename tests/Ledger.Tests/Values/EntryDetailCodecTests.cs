using System.Text;
using System.Text.Json;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class EntryDetailCodecTests
{
    private static readonly Bill Hospital = new(PaymentPurpose.Hospital, "father", Zhengzhou);

    private static readonly AppliedLimits Under = new(200_000, 3, 1_320, 360, Kinships.Near, LiveTiers.All);

    /// <summary>Each detail with its stored form: hashes cover these bytes, so they may never change.</summary>
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
        { EntryKind.Moved, "leaving", """{"region":410100,"insurance":1,"status":1,"from":320500,"leaving":["daughter","son"]}""" },
        { EntryKind.CreditCorrected, "correction", """{"region":320500,"period":"2026-03","credit":"00000009-6f6e-676a-8069-000000000001"}""" },
        { EntryKind.Paid, "payment", """{"id":"00000001-6f6e-676a-8069-000000000001","at":"H1","bill":{"for":1,"who":"father","region":410100},"fen":100,"cash":7,"parts":[{"who":"father","pocket":2,"fen":40,"region":410100},{"who":"daughter","pocket":3,"fen":53,"region":320500}],"sources":[2,3],"allow":true}""" },
        { EntryKind.PaymentOpened, "contribution", """{"id":"00000001-6f6e-676a-8069-000000000001","at":null,"bill":{"for":3,"who":"father","region":410100,"contribution":{"scheme":1,"year":2026}},"fen":100,"cash":0,"parts":[{"who":"daughter","pocket":1,"fen":100,"region":320500}],"sources":null,"allow":false}""" },
        { EntryKind.PaymentMade, "contribution", """{"id":"00000001-6f6e-676a-8069-000000000001","at":null,"bill":{"for":3,"who":"father","region":410100,"contribution":{"scheme":1,"year":2026}},"fen":100,"cash":0,"parts":[{"who":"daughter","pocket":1,"fen":100,"region":320500}],"sources":null,"allow":false}""" },
        { EntryKind.DrawHeld, "draw", """{"payer":"father","bill":{"for":2,"who":"father","region":410100},"region":320500}""" },
        { EntryKind.DrawHeld, "draw-on", """{"payer":"father","bill":{"for":1,"who":"father","region":410100},"region":320500,"rel":3}""" },
        { EntryKind.ContributionClaimed, "claim", """{"payer":"daughter","contribution":{"scheme":2,"year":2027}}""" },
        { EntryKind.ContributionClaimed, "claim-in", """{"payer":"daughter","contribution":{"scheme":2,"year":2027},"region":410100}""" },
        { EntryKind.ContributionKept, "claim", """{"payer":"daughter","contribution":{"scheme":2,"year":2027}}""" },
        { EntryKind.ContributionDropped, "claim", """{"payer":"daughter","contribution":{"scheme":2,"year":2027}}""" },
        { EntryKind.ContributionReleased, "claim", """{"payer":"daughter","contribution":{"scheme":2,"year":2027}}""" },
        { EntryKind.Refunded, "refund", """{"payment":"00000001-6f6e-676a-8069-000000000001","attempt":"00000002-6f6e-676a-8069-000000000001","bill":{"for":1,"who":"father","region":410100},"parts":[{"who":"father","pocket":1,"fen":5,"region":410100}],"places":[3],"released":false}""" },
        { EntryKind.RefundOpened, "refund", """{"payment":"00000001-6f6e-676a-8069-000000000001","attempt":"00000002-6f6e-676a-8069-000000000001","bill":{"for":1,"who":"father","region":410100},"parts":[{"who":"father","pocket":1,"fen":5,"region":410100}],"places":[3],"released":false}""" },
        { EntryKind.DrawRefunded, "draw-refund", """{"payer":"father","from":320500,"region":320100}""" },
        { EntryKind.DrawRefunded, "draw-refund-of", """{"payer":"father","from":320500,"region":320100,"attempt":"00000002-6f6e-676a-8069-000000000001"}""" },
        { EntryKind.RelationProposed, "relation", """{"to":"father","kin":1,"fen":400}""" },
        { EntryKind.RelationConsented, "relation", """{"to":"father","kin":1,"fen":400}""" },
        { EntryKind.QuotaChanged, "relation", """{"to":"father","kin":1,"fen":400}""" },
        { EntryKind.RelationDissolved, "dissolved", """{"to":"father"}""" },
        { EntryKind.RelationJoined, "giver", """{"giver":"daughter"}""" },
        { EntryKind.RelationLeft, "giver", """{"giver":"daughter"}""" },
        { EntryKind.RelativesOrdered, "order", """{"first":["son","daughter"]}""" },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Detail_has_exactly_its_stored_form(EntryKind kind, string name, string stored)
    {
        EntryDetail detail = Detail(name);
        Assert.Equal(stored, Encoding.UTF8.GetString(EntryDetailCodec.Encode(detail)!));
        EntryDetail? read = EntryDetailCodec.Decode(kind, Encoding.UTF8.GetBytes(stored));
        Assert.Equal(detail.GetType(), read?.GetType());
        Assert.Equal(stored, Encoding.UTF8.GetString(EntryDetailCodec.Encode(read)!));
        Assert.Equivalent(detail, read, strict: true);
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
    [InlineData(EntryKind.RefundDone, """{"to":"father"}""")]
    [InlineData(EntryKind.DrawHeld, """{"payer":"father","region":320500}""")]
    [InlineData(EntryKind.RelationProposed, """{"to":null,"kin":1,"fen":400}""")]
    [InlineData(EntryKind.RelativesOrdered, """{"first":null}""")]
    [InlineData(EntryKind.ContributionClaimed, """{"payer":"daughter"}""")]
    [InlineData(EntryKind.Paid, """{"id":"00000001-6f6e-676a-8069-000000000001","fen":100,"cash":0,"parts":[],"allow":false}""")]
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
        "leaving" => new Registration(Zhengzhou, Insurance.Employee, InsuranceStatus.Active, Suzhou, ["daughter", "son"]),
        "correction" => new CorrectionTerms(Suzhou, "2026-03", Id(9)),
        "payment" => new PaymentTerms(
            Id(1),
            "H1",
            Hospital,
            100,
            7,
            [new PaymentPart("father", Pocket.Wallet, 40, Zhengzhou), new PaymentPart("daughter", Pocket.Quota, 53, Suzhou)],
            [PaymentSource.Wallet, PaymentSource.Relatives],
            true),
        "contribution" => new PaymentTerms(
            Id(1),
            null,
            new Bill(PaymentPurpose.Contribution, "father", Zhengzhou, Family.Medical2026),
            100,
            0,
            [new PaymentPart("daughter", Pocket.Personal, 100, Suzhou)],
            null,
            false),
        "draw" => new DrawTerms("father", Hospital with { Purpose = PaymentPurpose.Pharmacy }, Suzhou),
        "draw-on" => new DrawTerms("father", Hospital, Suzhou, 3),
        "claim" => new ContributionTerms("daughter", new ContributionYear(Scheme.LongTermCare, 2027)),
        "claim-in" => new ContributionTerms("daughter", new ContributionYear(Scheme.LongTermCare, 2027), Zhengzhou),
        "refund" => new RefundTerms(Id(1), Id(2), Hospital, [new PaymentPart("father", Pocket.Personal, 5, Zhengzhou)], [3], false),
        "draw-refund" => new DrawRefundTerms("father", Suzhou, Nanjing),
        "draw-refund-of" => new DrawRefundTerms("father", Suzhou, Nanjing, Id(2)),
        "relation" => new RelationTerms("father", Kinship.Parent, 400),
        "dissolved" => new DissolvedTerms("father"),
        "giver" => new GiverTerms("daughter"),
        "order" => new RelativesOrder(["son", "daughter"]),
        "receive" => new ReceiveTerms("daughter", Suzhou, Zhengzhou),
        _ => new EndTerms(EndReason.Rejected),
    };
}
