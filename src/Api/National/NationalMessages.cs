using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gongji.Api.National;

/// <summary>A message in the national envelope. Fields that Gongji has no use for are taken and left alone.</summary>
public sealed record NationalRequest
{
    /// <summary>交易编号, 4 characters; the same as in the path.</summary>
    [JsonPropertyName("infno")]
    public string? Number { get; init; }

    /// <summary>发送方报文ID, up to 30 characters, unique for each message: the same one is never done twice.</summary>
    [JsonPropertyName("msgid")]
    public string? MessageId { get; init; }

    /// <summary>就医地医保区划.</summary>
    [JsonPropertyName("mdtrtarea_admvs")]
    public string? CareRegion { get; init; }

    /// <summary>参保地医保区划.</summary>
    [JsonPropertyName("insuplc_admdvs")]
    public string? InsuredRegion { get; init; }

    /// <summary>定点医药机构编号; of a pharmacy it begins with P.</summary>
    [JsonPropertyName("fixmedins_code")]
    public string? Institution { get; init; }

    /// <summary>交易输入: what is asked for, by transaction number.</summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }
}

/// <summary>The answer in the national envelope; always with HTTP status 200.</summary>
public sealed record NationalAnswer
{
    /// <summary>0: done. -1: not done, or not known to be done; see err_msg.</summary>
    [JsonPropertyName("infcode")]
    public required string Code { get; init; }

    /// <summary>接收方报文ID, 30 characters; the same for the same message.</summary>
    [JsonPropertyName("inf_refmsgid")]
    public required string ReferenceId { get; init; }

    /// <summary>接收报文时间, yyyyMMddHHmmssSSS.</summary>
    [JsonPropertyName("refmsg_time")]
    public required string ReceivedAt { get; init; }

    /// <summary>响应报文时间, yyyyMMddHHmmssSSS.</summary>
    [JsonPropertyName("respond_time")]
    public required string AnsweredAt { get; init; }

    /// <summary>错误信息, up to 200 characters: the code of the refusal, and what to do.</summary>
    [JsonPropertyName("err_msg")]
    public required string Error { get; init; }

    /// <summary>交易输出.</summary>
    [JsonPropertyName("output")]
    public required NationalOutput Output { get; init; }
}

/// <summary>交易输出: one of its nodes, or none.</summary>
public sealed record NationalOutput
{
    /// <summary>Of 2207 and 2208.</summary>
    [JsonPropertyName("setlinfo"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NationalSettlement? Settlement { get; init; }

    /// <summary>Of 3201 and 3202.</summary>
    [JsonPropertyName("stmtinfo"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NationalStatement? Statement { get; init; }
}

/// <summary>结算信息: the personal-account part of a settlement, or of its cancellation. Amounts in yuan with two decimals.</summary>
public sealed record NationalSettlement
{
    /// <summary>结算ID: the msgid of the message that settled or cancelled.</summary>
    [JsonPropertyName("setl_id")]
    public required string Id { get; init; }

    /// <summary>医药机构结算ID, as it was sent.</summary>
    [JsonPropertyName("medins_setl_id")]
    public required string? InstitutionId { get; init; }

    /// <summary>人员编号.</summary>
    [JsonPropertyName("psn_no")]
    public required string Person { get; init; }

    /// <summary>医疗费总额.</summary>
    [JsonPropertyName("medfee_sumamt")]
    public required decimal Total { get; init; }

    /// <summary>个人账户支出: all that accounts paid, relatives' included.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal FromAccounts { get; init; }

    /// <summary>个人账户共济支付: what of it relatives paid. It is inside acct_pay: never add them.</summary>
    [JsonPropertyName("acct_mulaid_pay")]
    public required decimal FromRelatives { get; init; }

    /// <summary>个人现金支出.</summary>
    [JsonPropertyName("psn_cash_pay")]
    public required decimal Cash { get; init; }

    /// <summary>余额: of the person's own personal account, afterwards.</summary>
    [JsonPropertyName("balc")]
    public required decimal Balance { get; init; }

    /// <summary>结算时间, yyyy-MM-dd HH:mm:ss.</summary>
    [JsonPropertyName("setl_time")]
    public required string At { get; init; }
}

/// <summary>对账结果: what the ledger has of one institution and some days, beside what was sent.</summary>
public sealed record NationalStatement
{
    /// <summary>对账结果: 0 the same, 1 not.</summary>
    [JsonPropertyName("stmt_rslt")]
    public required string Result { get; init; }

    /// <summary>对账结果说明.</summary>
    [JsonPropertyName("stmt_rslt_dscr")]
    public required string Description { get; init; }

    /// <summary>结算笔数: payments in the ledger.</summary>
    [JsonPropertyName("fixmedins_setl_cnt")]
    public required long Count { get; init; }

    /// <summary>个人账户支出: what accounts have paid in the ledger, less what was refunded.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal FromAccounts { get; init; }

    /// <summary>Of 3202: payments that differ, the first thousand.</summary>
    [JsonPropertyName("detail"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NationalDifference>? Differences { get; init; }
}

/// <summary>A payment that the two sides do not have alike.</summary>
public sealed record NationalDifference
{
    /// <summary>结算ID as it was sent; null when only the ledger has it.</summary>
    [JsonPropertyName("setl_id")]
    public required string? Id { get; init; }

    /// <summary>The payment in the ledger; null when it has none.</summary>
    [JsonPropertyName("payment")]
    public required Guid? Payment { get; init; }

    /// <summary>As it was sent.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal? Theirs { get; init; }

    /// <summary>As the ledger has it.</summary>
    [JsonPropertyName("ledger_acct_pay")]
    public required decimal? Ours { get; init; }
}
