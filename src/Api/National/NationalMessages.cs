using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gongji.Api.National;

/// <summary>A message in the national envelope. Other fields of the envelope are accepted and ignored.</summary>
public sealed record NationalRequest
{
    /// <summary>交易编号: the transaction number, 4 characters, the same as in the path.</summary>
    [JsonPropertyName("infno")]
    public string? Number { get; init; }

    /// <summary>发送方报文ID: 1 to 30 characters, unique for each message. A message with the same infno and msgid is done only once.</summary>
    [JsonPropertyName("msgid")]
    public string? MessageId { get; init; }

    /// <summary>就医地医保区划. Accepted, not used.</summary>
    [JsonPropertyName("mdtrtarea_admvs")]
    public string? CareRegion { get; init; }

    /// <summary>参保地医保区划. Accepted, not used.</summary>
    [JsonPropertyName("insuplc_admdvs")]
    public string? InsuredRegion { get; init; }

    /// <summary>定点医药机构编号: 1 to 30 letters and digits. A code that begins with P is a pharmacy.</summary>
    [JsonPropertyName("fixmedins_code")]
    public string? Institution { get; init; }

    /// <summary>交易输入: the input of the transaction. Its fields depend on infno.</summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }
}

/// <summary>The answer in the national envelope. Its HTTP status is always 200; infcode says whether the message was done.</summary>
public sealed record NationalAnswer
{
    /// <summary>0: done. -1: not done, or it is not known whether it was done; err_msg says which.</summary>
    [JsonPropertyName("infcode")]
    public required string Code { get; init; }

    /// <summary>接收方报文ID: 30 characters, always the same for the same infno and msgid.</summary>
    [JsonPropertyName("inf_refmsgid")]
    public required string ReferenceId { get; init; }

    /// <summary>接收报文时间: when the message was received, yyyyMMddHHmmssSSS in Asia/Shanghai.</summary>
    [JsonPropertyName("refmsg_time")]
    public required string ReceivedAt { get; init; }

    /// <summary>响应报文时间: when it was answered, yyyyMMddHHmmssSSS in Asia/Shanghai.</summary>
    [JsonPropertyName("respond_time")]
    public required string AnsweredAt { get; init; }

    /// <summary>错误信息, at most 200 characters: the code of the problem, a colon, and the reason. Empty if infcode is 0.</summary>
    [JsonPropertyName("err_msg")]
    public required string Error { get; init; }

    /// <summary>交易输出: the output of the transaction.</summary>
    [JsonPropertyName("output")]
    public required NationalOutput Output { get; init; }
}

/// <summary>交易输出: one of the two nodes, or none. It is empty after an error and after 2601.</summary>
public sealed record NationalOutput
{
    /// <summary>The output of 2207 and 2208. Absent otherwise.</summary>
    [JsonPropertyName("setlinfo"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NationalSettlement? Settlement { get; init; }

    /// <summary>The output of 3201 and 3202. Absent otherwise.</summary>
    [JsonPropertyName("stmtinfo"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NationalStatement? Statement { get; init; }
}

/// <summary>
/// 结算信息: the personal-account part of a settlement (2207), or what a cancellation (2208) gave back. Amounts are in yuan with two decimals.
/// </summary>
public sealed record NationalSettlement
{
    /// <summary>结算ID: the msgid of the 2207 or 2208 message that is answered.</summary>
    [JsonPropertyName("setl_id")]
    public required string Id { get; init; }

    /// <summary>医药机构结算ID, as it was sent. null if none was sent.</summary>
    [JsonPropertyName("medins_setl_id")]
    public required string? InstitutionId { get; init; }

    /// <summary>人员编号: the person.</summary>
    [JsonPropertyName("psn_no")]
    public required string Person { get; init; }

    /// <summary>医疗费总额, in yuan. 2207: the total that was sent. 2208: the same as acct_pay.</summary>
    [JsonPropertyName("medfee_sumamt")]
    public required decimal Total { get; init; }

    /// <summary>个人账户支出, in yuan: all that accounts paid (2207) or got back (2208), including relatives' accounts.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal FromAccounts { get; init; }

    /// <summary>个人账户共济支付, in yuan: the part of acct_pay that is relatives'. It is already inside acct_pay: do not add the two.</summary>
    [JsonPropertyName("acct_mulaid_pay")]
    public required decimal FromRelatives { get; init; }

    /// <summary>个人现金支出, in yuan: what is left to be paid in cash. 0 for 2208.</summary>
    [JsonPropertyName("psn_cash_pay")]
    public required decimal Cash { get; init; }

    /// <summary>余额, in yuan: the balance of the person's own personal account at the time of the answer.</summary>
    [JsonPropertyName("balc")]
    public required decimal Balance { get; init; }

    /// <summary>结算时间: when the ledger decided it, yyyy-MM-dd HH:mm:ss in Asia/Shanghai.</summary>
    [JsonPropertyName("setl_time")]
    public required string At { get; init; }
}

/// <summary>
/// 对账结果: what the ledger has for one institution and a range of days, compared with what was sent. Amounts are in yuan with two decimals.
/// </summary>
public sealed record NationalStatement
{
    /// <summary>对账结果. 0: both sides are the same. 1: they differ.</summary>
    [JsonPropertyName("stmt_rslt")]
    public required string Result { get; init; }

    /// <summary>对账结果说明: the result in words.</summary>
    [JsonPropertyName("stmt_rslt_dscr")]
    public required string Description { get; init; }

    /// <summary>结算笔数: how many payments the ledger has.</summary>
    [JsonPropertyName("fixmedins_setl_cnt")]
    public required long Count { get; init; }

    /// <summary>个人账户支出, in yuan: what accounts paid according to the ledger, less refunds made on these days.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal FromAccounts { get; init; }

    /// <summary>Only for 3202: the payments that differ, at most 1,000. Absent otherwise.</summary>
    [JsonPropertyName("detail"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NationalDifference>? Differences { get; init; }
}

/// <summary>A payment on which the ledger and the message differ. Amounts are in yuan with two decimals.</summary>
public sealed record NationalDifference
{
    /// <summary>结算ID, as it was sent. null if only the ledger has the payment.</summary>
    [JsonPropertyName("setl_id")]
    public required string? Id { get; init; }

    /// <summary>The id of the payment in the ledger. null if the ledger has none on these days.</summary>
    [JsonPropertyName("payment")]
    public required Guid? Payment { get; init; }

    /// <summary>What accounts paid, as it was sent, in yuan. null if only the ledger has the payment.</summary>
    [JsonPropertyName("acct_pay")]
    public required decimal? Theirs { get; init; }

    /// <summary>
    /// What accounts paid according to the ledger, less refunds made on these days, in yuan. null if the ledger has no such payment on these days.
    /// </summary>
    [JsonPropertyName("ledger_acct_pay")]
    public required decimal? Ours { get; init; }
}
