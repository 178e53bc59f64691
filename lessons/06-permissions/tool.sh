#!/bin/sh
echo "a program, because one bit says so"
