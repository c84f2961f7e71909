"""What the official `openai` client reads from a server, to compare with: a question, its answer streamed.

    OPENAI_API_KEY=… python openai_client.py BASE_URL DIALECT/MODEL…

A dialect is `chat` or `responses`. For each model it prints one line of JSON: `{"text": …, "pieces": …, "finish": …, "usage": {"input": …, "output": …}}`, or
`{"error": {"status": …, "code": …, "message": …}}`.
"""

import json
import sys

import openai

QUESTION = "Hello"


def chat(client: openai.OpenAI, model: str) -> dict:
    said, finish, usage = [], None, None
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": QUESTION}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in stream:
        if chunk.usage:
            usage = {"input": chunk.usage.prompt_tokens, "output": chunk.usage.completion_tokens}
        for choice in chunk.choices:
            said += [choice.delta.content] if choice.delta.content else []
            finish = choice.finish_reason or finish
    return {"text": "".join(said), "pieces": len(said), "finish": finish, "usage": usage}


def responses(client: openai.OpenAI, model: str) -> dict:
    said, finish, usage = [], None, None
    stream = client.responses.create(
        model=model,
        input=[{"type": "message", "role": "user", "content": QUESTION}],
        store=False,
        stream=True,
    )
    for event in stream:
        if event.type == "response.output_text.delta":
            said.append(event.delta)
        elif event.type in ("response.completed", "response.incomplete", "response.failed"):
            finish = event.response.status
            if event.response.usage:
                usage = {"input": event.response.usage.input_tokens, "output": event.response.usage.output_tokens}
    return {"text": "".join(said), "pieces": len(said), "finish": finish, "usage": usage}


def read(client: openai.OpenAI, dialect: str, model: str) -> dict:
    try:
        return {"chat": chat, "responses": responses}[dialect](client, model)
    except openai.APIStatusError as error:
        body = error.body if isinstance(error.body, dict) else {}
        return {"error": {"status": error.status_code, "code": error.code, "message": body.get("message")}}
    except openai.APIError as error:
        return {"error": {"status": None, "code": error.code, "message": error.message}}


def main() -> None:
    base, *models = sys.argv[1:]
    # It asks again by itself unless it is told not to; here every request is one that was meant.
    client = openai.OpenAI(base_url=base, max_retries=0)
    for dialect, model in (name.split("/") for name in models):
        print(json.dumps(read(client, dialect, model)))


if __name__ == "__main__":
    main()
