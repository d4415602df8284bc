"""``lantian user``: users from the server's console."""

from __future__ import annotations

from typing import Annotated

import typer

from lantian.cli.folder import DataOption, django_ready, now

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("add", help="新建用户；不给密码时生成一次性链接。")
def add(
    username: Annotated[str, typer.Argument(help="登录名")],
    role: Annotated[str, typer.Option(help="角色，如 administrator、coordinator、duty_officer")] = "administrator",
    name: Annotated[str, typer.Option(help="姓名")] = "",
    password: Annotated[
        str, typer.Option(help="密码", prompt="密码", confirmation_prompt="再输一次", hide_input=True)
    ] = "",
    body: Annotated[str, typer.Option(help="所属单位编号")] = "",
    county: Annotated[str, typer.Option(help="所属县（市）区代码")] = "",
    company: Annotated[str, typer.Option(help="所属企业或运维单位，与排放口登记表一致")] = "",
    data: DataOption = None,
) -> None:
    """A new user with a password."""
    django_ready(data)
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from lantian.site.access import OUTSIDE, ROLE_NAMES, Role
    from lantian.site.people.models import User
    from lantian.site.people.services import create_user

    names = "、".join(known.value for known in ROLE_NAMES)
    if role not in {known.value for known in ROLE_NAMES}:
        raise typer.BadParameter(f"没有角色“{role}”。可用：{names}", param_hint="--role")
    if Role(role) in OUTSIDE and not company:
        raise typer.BadParameter("这个角色要写明所属企业或运维单位。", param_hint="--company")
    if User.objects.filter(username=username).exists():
        raise typer.BadParameter(f"登录名“{username}”已存在，请换一个。", param_hint="username")
    try:
        validate_password(password)
    except ValidationError as error:
        raise typer.BadParameter(" ".join(error.messages), param_hint="--password") from None
    create_user(
        username=username,
        name=name or username,
        role=Role(role),
        password=password,
        body=body,
        county=county,
        company=company,
        now=now(),
    )
    typer.echo(f"已建立用户 {username}（{ROLE_NAMES[Role(role)]}）。")


@app.command("link", help="生成一次性链接的地址后缀，供新系统管理员首次使用。")
def link(data: DataOption = None) -> None:
    """A one-time link for one more administrator."""
    django_ready(data)
    from lantian.site.access import Role
    from lantian.site.people.services import invite

    typer.echo(f"/account/first/{invite(role=Role.ADMINISTRATOR, now=now())}/")
