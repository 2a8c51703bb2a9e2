using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class CreditTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Credit_is_created_and_is_on_the_personal_account()
    {
        string person = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();

        Answer answer = await app.CreditAsync(person, id, 35_000, "2024-11");

        Assert.Equal((201, "application/json"), (answer.Status, answer.MediaType));
        Assert.Equal((id.ToString(), person, 35_000, "2024-11"), (answer.Field("id"), answer.Field("person"), answer.Number("amountFen"), answer.Field("period")));
        Assert.False(answer.IsReplay);
        Assert.Equal((35_000, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Credit_with_the_same_id_and_content_is_the_first_answer_again()
    {
        string person = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        Answer first = await app.CreditAsync(person, id, 100);

        Answer again = await app.CreditAsync(person, id, 100);

        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Assert.Equal((100, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Credit_with_the_same_id_and_other_content_changes_nothing()
    {
        string person = await app.NewPersonAsync();
        string other = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        await app.CreditAsync(person, id, 100);

        Expect.Problem(await app.CreditAsync(person, id, 101), 409, "idempotency-mismatch");
        Expect.Problem(await app.CreditAsync(person, id, 100, "2024-10"), 409, "idempotency-mismatch");
        Expect.Problem(await app.CreditAsync(other, id, 100), 409, "idempotency-mismatch");
        Expect.Problem(await app.TransferAsync(person, other, 100, id), 409, "idempotency-mismatch");

        Assert.Equal((100, 0, 0), await app.BalancesAsync(person));
        Assert.Equal((0, 0, 0), await app.BalancesAsync(other));
    }

    [Fact]
    public async Task Credit_asked_fifty_times_at_once_happens_once()
    {
        string person = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.CreditAsync(person, id, 700)));

        Assert.All(answers, answer => Assert.Equal((201, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Equal((700, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Credits_of_one_person_at_once_all_arrive()
    {
        string person = await app.NewPersonAsync();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(1, 100).Select(amountFen => app.CreditAsync(person, Guid.CreateVersion7(), amountFen)));

        Assert.All(answers, answer => Assert.Equal((201, false), (answer.Status, answer.IsReplay)));
        Assert.Equal((5_050, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Credit_that_was_refused_is_decided_anew_when_asked_again()
    {
        string person = await app.NewPersonAsync(insurance: "resident");
        Guid id = Guid.CreateVersion7();
        Expect.Problem(await app.CreditAsync(person, id, 100), 422, "not-insured");
        await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"active"}""");

        Answer answer = await app.CreditAsync(person, id, 100);

        Assert.Equal((201, false), (answer.Status, answer.IsReplay));
    }

    [Fact]
    public async Task Credit_replayed_after_the_insurance_stopped_is_still_the_first_answer()
    {
        string person = await app.NewPersonAsync();
        Guid id = Guid.CreateVersion7();
        Answer first = await app.CreditAsync(person, id, 100);
        await app.Http.PutAsync($"/v1/persons/{person}", """{"region":"320500","insurance":"employee","status":"stopped"}""");

        Answer again = await app.CreditAsync(person, id, 100);

        Assert.Equal((201, true, first.Text), (again.Status, again.IsReplay, again.Text));
        Expect.Problem(await app.CreditAsync(person, Guid.CreateVersion7(), 100), 422, "not-insured");
    }

    [Fact]
    public async Task Correction_adds_the_difference_once()
    {
        string person = await app.NewPersonAsync();
        (Guid credit, Guid correction) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.CreditAsync(person, credit, 500);

        Answer answer = await CorrectAsync(person, correction, credit, -200);
        Answer again = await CorrectAsync(person, correction, credit, -200);

        Assert.Equal((201, -200, false), (answer.Status, answer.Number("amountFen"), answer.IsReplay));
        Assert.Equal((201, true, answer.Text), (again.Status, again.IsReplay, again.Text));
        Assert.Equal((300, 0, 0), await app.BalancesAsync(person));
        Expect.Problem(await CorrectAsync(person, correction, credit, -201), 409, "idempotency-mismatch");
        Expect.Problem(await CorrectAsync(person, correction, Guid.CreateVersion7(), -200), 409, "idempotency-mismatch");
        Expect.Problem(await app.CreditAsync(person, correction, 200), 409, "idempotency-mismatch");
        Assert.Equal(201, (await CorrectAsync(person, Guid.CreateVersion7(), credit, 50)).Status);
        Assert.Equal((350, 0, 0), await app.BalancesAsync(person));
    }

    [Fact]
    public async Task Correction_that_a_rule_forbids_is_refused()
    {
        string person = await app.NewPersonAsync();
        string other = await app.NewPersonAsync();
        Guid credit = Guid.CreateVersion7();
        await app.CreditAsync(person, credit, 500);

        Expect.Problem(await CorrectAsync(person, Guid.CreateVersion7(), credit, -501), 422, "amount-over-limit");
        Expect.Problem(await CorrectAsync(person, Guid.CreateVersion7(), credit, 0), 400, "malformed");
        Expect.Problem(await CorrectAsync(person, Guid.CreateVersion7(), credit, -1, "2024-11"), 409, "wrong-state");
        Expect.Problem(await CorrectAsync(other, Guid.CreateVersion7(), credit, -1), 409, "wrong-state");
        Expect.Problem(await CorrectAsync(person, Guid.CreateVersion7(), Guid.CreateVersion7(), 1), 409, "wrong-state");
        Assert.Equal(201, (await app.PayAsync(person, 450)).Status);
        Expect.Problem(await CorrectAsync(person, Guid.CreateVersion7(), credit, -51), 422, "insufficient-funds");
        Assert.Equal(201, (await CorrectAsync(person, Guid.CreateVersion7(), credit, -50)).Status);
        Assert.Equal((0, 0, 0), await app.BalancesAsync(person));
    }

    private Task<Answer> CorrectAsync(string person, Guid id, Guid credit, long amountFen, string period = "2024-12") => app.Http.PostAsync(
        $"/v1/persons/{person}/credits",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","amountFen":{{amountFen}},"period":"{{period}}","corrects":"{{credit}}"}"""));
}
