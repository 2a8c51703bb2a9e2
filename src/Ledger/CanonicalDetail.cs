using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Gongji.Ledger;

/// <summary>
/// Writes and reads details of the most frequent kinds, in exactly the form that the general JSON serializer gives them, but many times faster.
/// Details that are, or would be, in another form are left to that serializer.
/// </summary>
internal static class CanonicalDetail
{
    private static readonly long LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Longer details are left to the general serializer.</summary>
    private const int WrittenBytesMax = 320;

    /// <summary>Characters that no JSON writer escapes.</summary>
    private static readonly SearchValues<char> NeverEscaped =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>The detail as UTF-8 JSON; null when it is of another kind, or has text that may need escaping.</summary>
    public static byte[]? Write(EntryDetail detail)
    {
        Span<byte> text = stackalloc byte[WrittenBytesMax];
        return detail switch
        {
            HoldTerms { Under: { } under } terms when IsPlain(terms.Payee) && Utf8.TryWrite(
                text,
                CultureInfo.InvariantCulture,
                $"{{\"payee\":\"{terms.Payee}\",\"kin\":{(short)terms.Kinship},\"from\":{terms.PayerRegion.Value},\"to\":{terms.PayeeRegion.Value},\"expires\":{terms.ExpiresAt.ToUnixTimeMilliseconds()},\"auto\":{Word(terms.AutoAccept)},\"under\":{{\"max\":{under.MaxFen},\"day\":{under.PerDay},\"cf\":{under.ClosedFrom},\"cu\":{under.ClosedUntil},\"kin\":{(short)under.Kinships},\"live\":{(short)under.Live}}}}}",
                out int length) => text[..length].ToArray(),
            ReceiveTerms terms when IsPlain(terms.Payer) && Utf8.TryWrite(
                text,
                CultureInfo.InvariantCulture,
                $"{{\"payer\":\"{terms.Payer}\",\"from\":{terms.PayerRegion.Value},\"to\":{terms.PayeeRegion.Value}}}",
                out int length) => text[..length].ToArray(),
            CreditTerms terms when IsPlain(terms.Period) && Utf8.TryWrite(
                text, CultureInfo.InvariantCulture, $"{{\"region\":{terms.Region.Value},\"period\":\"{terms.Period}\"}}", out int length) => text[..length].ToArray(),
            _ => null,
        };

        static bool IsPlain(string? text) => text is not null && !text.AsSpan().ContainsAnyExcept(NeverEscaped);

        static string Word(bool value) => value ? "true" : "false";
    }

    /// <summary>The detail; null when it is of another kind or in another form.</summary>
    public static EntryDetail? Read(EntryKind kind, ReadOnlySpan<byte> utf8)
    {
        Text text = new(utf8);
        EntryDetail? detail = kind switch
        {
            EntryKind.Hold => Hold(ref text),
            EntryKind.Receive => Receive(ref text),
            EntryKind.Credit => Credit(ref text),
            EntryKind.WalletOpened or EntryKind.WalletChanged => Wallet(ref text),
            EntryKind.Registered => Registered(ref text),
            EntryKind.Paid or EntryKind.PaymentOpened or EntryKind.PaymentMade => Payment(ref text),
            EntryKind.DrawHeld => Draw(ref text),
            _ => null,
        };
        return text.IsAtEnd ? detail : null;
    }

    private static HoldTerms? Hold(ref Text text) =>
        text.Has("{\"payee\":\""u8) && text.String(out string payee)
        && text.Has(",\"kin\":"u8) && text.Int16(out short kinship)
        && text.Has(",\"from\":"u8) && text.Region(out RegionCode from)
        && text.Has(",\"to\":"u8) && text.Region(out RegionCode to)
        && text.Has(",\"expires\":"u8) && text.Number(0, LastMoment, out long expires)
        && text.Has(",\"auto\":"u8) && text.Boolean(out bool auto)
        && text.Has(",\"under\":{\"max\":"u8) && text.Number(long.MinValue, long.MaxValue, out long maxFen)
        && text.Has(",\"day\":"u8) && text.Number(int.MinValue, int.MaxValue, out long perDay)
        && text.Has(",\"cf\":"u8) && text.Int16(out short closedFrom)
        && text.Has(",\"cu\":"u8) && text.Int16(out short closedUntil)
        && text.Has(",\"kin\":"u8) && text.Int16(out short kinships)
        && text.Has(",\"live\":"u8) && text.Int16(out short live) && text.Has("}}"u8)
            ? new HoldTerms(
                payee, (Kinship)kinship, from, to, DateTimeOffset.FromUnixTimeMilliseconds(expires), auto,
                new AppliedLimits(maxFen, (int)perDay, closedFrom, closedUntil, (Kinships)kinships, (LiveTiers)live))
            : null;

    private static ReceiveTerms? Receive(ref Text text) =>
        text.Has("{\"payer\":\""u8) && text.String(out string payer)
        && text.Has(",\"from\":"u8) && text.Region(out RegionCode from)
        && text.Has(",\"to\":"u8) && text.Region(out RegionCode to) && text.Has("}"u8)
            ? new ReceiveTerms(payer, from, to)
            : null;

    private static CreditTerms? Credit(ref Text text) =>
        text.Has("{\"region\":"u8) && text.Region(out RegionCode region)
        && text.Has(",\"period\":\""u8) && text.String(out string period) && text.Has("}"u8)
            ? new CreditTerms(region, period)
            : null;

    private static WalletTerms? Wallet(ref Text text) =>
        text.Has("{\"place\":"u8) && text.Region(out RegionCode place)
        && text.Has(",\"auto\":"u8) && text.Boolean(out bool auto) && text.Has("}"u8)
            ? new WalletTerms(place, auto)
            : null;

    private static Registration? Registered(ref Text text) =>
        text.Has("{\"region\":"u8) && text.Region(out RegionCode region)
        && text.Has(",\"insurance\":"u8) && text.Int16(out short insurance)
        && text.Has(",\"status\":"u8) && text.Int16(out short status) && text.Has("}"u8)
            ? new Registration(region, (Insurance)insurance, (InsuranceStatus)status)
            : null;

    private static DrawTerms? Draw(ref Text text) =>
        text.Has("{\"payer\":\""u8) && text.String(out string payer)
        && text.Has(",\"bill\":"u8) && BillOf(ref text) is { } bill
        && text.Has(",\"region\":"u8) && text.Region(out RegionCode region)
        && Relation(ref text, out long? relation) && text.Has("}"u8)
            ? new DrawTerms(payer, bill, region, relation)
            : null;

    /// <summary>Missing in draws from before it was recorded.</summary>
    private static bool Relation(ref Text text, out long? relation)
    {
        relation = null;
        if (!text.Has(",\"rel\":"u8))
        {
            return true;
        }

        bool isNumber = text.Number(long.MinValue, long.MaxValue, out long version);
        relation = version;
        return isNumber;
    }

    /// <summary>A payment to an institution for which the caller did not choose the sources.</summary>
    private static PaymentTerms? Payment(ref Text text) =>
        text.Has("{\"id\":\""u8) && text.Guid(out Guid payment)
        && text.Has(",\"at\":\""u8) && text.String(out string institution)
        && text.Has(",\"bill\":"u8) && BillOf(ref text) is { } bill
        && text.Has(",\"fen\":"u8) && text.Number(long.MinValue, long.MaxValue, out long fen)
        && text.Has(",\"cash\":"u8) && text.Number(long.MinValue, long.MaxValue, out long cash)
        && text.Has(",\"parts\":["u8) && PartsOf(ref text) is { } parts
        && text.Has(",\"sources\":null,\"allow\":"u8) && text.Boolean(out bool allow) && text.Has("}"u8)
            ? new PaymentTerms(payment, institution, bill, fen, cash, parts, null, allow)
            : null;

    private static Bill? BillOf(ref Text text) =>
        text.Has("{\"for\":"u8) && text.Int16(out short purpose)
        && text.Has(",\"who\":\""u8) && text.String(out string beneficiary)
        && text.Has(",\"region\":"u8) && text.Region(out RegionCode region) && text.Has("}"u8)
            ? new Bill((PaymentPurpose)purpose, beneficiary, region)
            : null;

    private static List<PaymentPart>? PartsOf(ref Text text)
    {
        List<PaymentPart> parts = [];
        do
        {
            if (!(text.Has("{\"who\":\""u8) && text.String(out string account)
                && text.Has(",\"pocket\":"u8) && text.Int16(out short pocket)
                && text.Has(",\"fen\":"u8) && text.Number(long.MinValue, long.MaxValue, out long fen)
                && text.Has(",\"region\":"u8) && text.Region(out RegionCode region) && text.Has("}"u8)))
            {
                return null;
            }

            parts.Add(new PaymentPart(account, (Pocket)pocket, fen, region));
        }
        while (text.Has(","u8));
        return text.Has("]"u8) ? parts : null;
    }

    /// <summary>The rest of a text. Each method takes what it names off the front, or reports that something else is there.</summary>
    private ref struct Text(ReadOnlySpan<byte> left)
    {
        /// <summary>A number of this many digits fits any <see cref="long"/>.</summary>
        private const int DigitsMax = 18;

        /// <summary>Bytes that stand for themselves in a string.</summary>
        private static readonly SearchValues<byte> Plain =
            SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Where(code => code is not ('"' or '\\')).Select(code => (byte)code)]);

        private ReadOnlySpan<byte> _left = left;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public bool Has(ReadOnlySpan<byte> literal)
        {
            if (!_left.StartsWith(literal))
            {
                return false;
            }

            _left = _left[literal.Length..];
            return true;
        }

        /// <summary>Reads a string whose opening quote has been taken off already.</summary>
        public bool String(out string value)
        {
            int length = _left.IndexOfAnyExcept(Plain);
            if (length < 0 || _left[length] != '"')
            {
                value = "";
                return false;
            }

            value = Encoding.ASCII.GetString(_left[..length]);
            _left = _left[(length + 1)..];
            return true;
        }

        public bool Guid(out Guid value)
        {
            if (!Utf8Parser.TryParse(_left, out value, out int length, 'D') || length >= _left.Length || _left[length] != '"')
            {
                return false;
            }

            _left = _left[(length + 1)..];
            return true;
        }

        public bool Boolean(out bool value)
        {
            value = Has("true"u8);
            return value || Has("false"u8);
        }

        public bool Region(out RegionCode value)
        {
            bool isRegion = Number(0, 999_999, out long number);
            value = RegionCode.FromValue((int)number);
            return isRegion;
        }

        public bool Int16(out short value)
        {
            bool isInt16 = Number(short.MinValue, short.MaxValue, out long number);
            value = (short)number;
            return isInt16;
        }

        /// <summary>Reads a whole number without a leading zero, between two bounds, both included; gives 0 on failure. Longer ones are left to the general serializer.</summary>
        public bool Number(long first, long last, out long value)
        {
            value = 0;
            int at = !_left.IsEmpty && _left[0] == '-' ? 1 : 0;
            int begin = at;
            while (at < _left.Length && at - begin < DigitsMax && _left[at] is >= (byte)'0' and <= (byte)'9')
            {
                value = value * 10 + (_left[at] - '0');
                at++;
            }

            int digits = at - begin;
            value = begin == 1 ? -value : value;
            if (digits == 0 || (digits > 1 && _left[begin] == '0') || value < first || value > last)
            {
                value = 0;
                return false;
            }

            _left = _left[at..];
            return true;
        }
    }
}
