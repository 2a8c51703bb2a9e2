namespace Gongji.Chaos.Load;

/// <summary>Makes commands.</summary>
internal static class Commands
{
    public static Command Credit(string person, long amountFen, bool givesUp, Guid? id = null, string? mustRefuse = null)
    {
        Guid named = id ?? Guid.CreateVersion7();
        string body = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{named}}","amountFen":{{amountFen}},"period":"2024-12"}""");
        return new Command(CommandKind.Credit, named, $"/v1/persons/{person}/credits", body)
        {
            Person = person,
            AmountFen = amountFen,
            GivesUp = givesUp,
            MustRefuse = mustRefuse,
        };
    }

    public static Command Transfer(string payer, string payee, long amountFen, bool fromWallet, bool givesUp = false, Guid? id = null, string? mustRefuse = null)
    {
        Guid named = id ?? Guid.CreateVersion7();
        string source = fromWallet ? "wallet" : "personal";
        string body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{named}}","payer":"{{payer}}","payee":"{{payee}}","source":"{{source}}","amountFen":{{amountFen}},"kinship":"parent"}""");
        return new Command(CommandKind.Transfer, named, "/v1/transfers", body)
        {
            Person = payer,
            Payee = payee,
            AmountFen = amountFen,
            FromWallet = fromWallet,
            GivesUp = givesUp,
            MustRefuse = mustRefuse,
        };
    }

    /// <summary>A payment at a hospital, from the payer's own money and their relatives'.</summary>
    public static Command Payment(string payer, long amountFen, Guid? id = null, string? mustRefuse = null)
    {
        Guid named = id ?? Guid.CreateVersion7();
        string body = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{named}}","person":"{{payer}}","institution":"H41010000001","amountFen":{{amountFen}}}""");
        return new Command(CommandKind.Payment, named, "/v1/payments", body) { Person = payer, AmountFen = amountFen, MustRefuse = mustRefuse };
    }

    public static Command Refund(Command payment, long amountFen, Guid? id = null, string? mustRefuse = null)
    {
        Guid named = id ?? Guid.CreateVersion7();
        string body = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{named}}","amountFen":{{amountFen}}}""");
        return new Command(CommandKind.Refund, named, $"/v1/payments/{payment.Id}/refunds", body) { Person = payment.Person, AmountFen = amountFen, Target = payment, MustRefuse = mustRefuse };
    }

    public static Command End(Command transfer, CommandKind kind)
    {
        string verb = kind switch
        {
            CommandKind.Accept => "accept",
            CommandKind.Reject => "reject",
            _ => "cancel",
        };
        string by = kind == CommandKind.Cancel ? transfer.Person : transfer.Payee;
        return new Command(kind, transfer.Id, $"/v1/transfers/{transfer.Id}/{verb}", $$"""{"by":"{{by}}"}""") { Target = transfer };
    }

    /// <summary>The same id with other content: it must always be refused.</summary>
    public static Command Altered(Command command, Random random)
    {
        const string mismatch = "idempotency-mismatch";
        bool otherAmount = random.Next(2) == 0;
        return command.Kind switch
        {
            CommandKind.Credit => Credit(otherAmount ? command.Person : People.PickOther(random, command.Person), command.AmountFen + (otherAmount ? 1 : 0), false, command.Id, mismatch),
            CommandKind.Payment => Payment(command.Person, command.AmountFen + 1, command.Id, mismatch),
            CommandKind.Refund => Refund(command.Target!, command.AmountFen + 1, command.Id, mismatch),
            _ => Transfer(command.Person, command.Payee, command.AmountFen + (otherAmount ? 1 : 0), command.FromWallet ^ !otherAmount, false, command.Id, mismatch),
        };
    }
}
